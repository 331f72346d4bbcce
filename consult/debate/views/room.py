"""The debate's doors hang here."""

from consult.core.doors import Room

room = Room("debate")
