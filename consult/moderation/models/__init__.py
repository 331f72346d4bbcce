"""Reports, decisions with their statement, appeals, campaigns, and what comes by mail and on paper."""

from __future__ import annotations

from .acts import (
    FALLS,
    MEANINGS,
    RELEASED,
    ROLES,
    RULES,
    STANDS,
    UNDONE_BY,
    VERBS,
    Appeal,
    Claim,
    Correction,
    ModerationAct,
    Report,
)
from .campaigns import CAMPAIGN_STATES, CAMPAIGN_VERBS, Campaign, CampaignAct, CampaignMember, CampaignSearch
from .intake import INTAKE_SOURCES, INTAKE_STATES, IntakeEntry, IntakeFile

__all__ = [
    "CAMPAIGN_STATES",
    "CAMPAIGN_VERBS",
    "FALLS",
    "INTAKE_SOURCES",
    "INTAKE_STATES",
    "MEANINGS",
    "RELEASED",
    "ROLES",
    "RULES",
    "STANDS",
    "UNDONE_BY",
    "VERBS",
    "Appeal",
    "Campaign",
    "CampaignAct",
    "CampaignMember",
    "CampaignSearch",
    "Claim",
    "Correction",
    "IntakeEntry",
    "IntakeFile",
    "ModerationAct",
    "Report",
]
