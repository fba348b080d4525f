"""Signs of life."""

from django.db import models


class Heartbeat(models.Model):
    """When a process last reported that it works; read by /healthz."""

    name = models.CharField(max_length=80, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"
