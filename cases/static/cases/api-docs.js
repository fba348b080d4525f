// The contract as pages. No validator elsewhere is asked, and a token is kept nowhere.
SwaggerUIBundle({
  url: document.getElementById("swagger-ui").dataset.contract,
  dom_id: "#swagger-ui",
  deepLinking: true,
  validatorUrl: null,
  persistAuthorization: false,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
});
