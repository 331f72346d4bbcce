"""Consult: public consultation on draft standards, clause by clause."""

__version__ = "0.1.0"
