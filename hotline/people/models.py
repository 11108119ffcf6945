"""Officers: who they are and which posts they hold when."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models


class PersonManager(BaseUserManager["Person"]):
    """Finds people by username, as Django's auth asks."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> Person:
        """Make a person; no password means nobody can sign in as them."""
        person = self.model(username=username, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """An officer, call-taker or technician with an account. What they may do follows from their posts alone."""

    username = models.CharField(max_length=60, unique=True)
    full_name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=32, blank=True)
    title = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    password_given = models.BooleanField(default=False)  # somebody else chose it: to be changed at the next sign-in

    objects = PersonManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return self.full_name or self.username


class Post(models.Model):
    """A role held at an agency between two dates."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="posts")
    role = models.CharField(max_length=24)  # regulation.lifecycle.Role
    agency = models.ForeignKey("organisation.Agency", models.PROTECT, null=True, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["agency", "role"], name="post_agency_role")]
