// The contract as pages. No validator elsewhere is asked, and a token is kept nowhere. What is tried out goes to the site
// as it was opened, whatever address of it the contract names: the policy allows no other.
const page = document.getElementById("swagger-ui");
fetch(page.dataset.contract)
  .then((response) => response.json())
  .then((contract) =>
    SwaggerUIBundle({
      spec: { ...contract, servers: [{ url: window.location.origin }] },
      dom_id: "#swagger-ui",
      deepLinking: true,
      validatorUrl: null,
      persistAuthorization: false,
      docExpansion: "list",
      defaultModelsExpandDepth: 0,
    }),
  );
