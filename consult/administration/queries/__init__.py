"""Everything read here. For whoever does not run the site, nothing is there."""

from .acts import acts
from .acts import every as every_act
from .acts import organisations as organisations_of
from .bodies import consultation_page, consultations, organisation, organisation_page, organisations, organisers
from .people import PersonPage, people, person, person_page, person_with, roles_of
from .work import job, line, work

__all__ = [
    "PersonPage", "acts", "consultation_page", "consultations", "every_act", "job", "line", "organisation",
    "organisation_page", "organisations", "organisations_of", "organisers", "people", "person", "person_page",
    "person_with", "roles_of", "work",
]  # fmt: skip
