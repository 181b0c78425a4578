"""Loaded standards. A version is never changed: a correction is a new version."""

from django.db import models


class StandardVersion(models.Model):
    """One immutable version of a standard, with its source text.

    The database refuses to change what was loaded; ``adopted_at`` is when a contract last took it up.
    """

    code = models.CharField(max_length=40)
    version = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    source = models.TextField(help_text="the TOML text as loaded")
    sha256 = models.CharField(max_length=64, unique=True)
    loaded_at = models.DateTimeField()
    adopted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="standards_version_unique")]

    def __str__(self) -> str:
        return f"{self.title} {self.version}"
