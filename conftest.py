"""What every test may ask for by name, and what every test shares."""

from django.conf import settings

from hotline.testing.cast import cast
from hotline.testing.committed import committed_cast

__all__ = ["cast", "committed_cast"]

# A cast of fourteen would spend seven seconds on strong hashes of a password that everybody knows.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
