"""Departments and topics of the government of Arvenia."""

from __future__ import annotations

from typing import NamedTuple


class DemoDepartment(NamedTuple):
    """A department that can owe an answer."""

    slug: str
    name: str
    acronym: str


class DemoTopic(NamedTuple):
    """A topic that petitions are filed under."""

    code: str
    name: str


DEPARTMENTS = (
    DemoDepartment("transport", "Department of Transport", "DoT"),
    DemoDepartment("environment", "Department of the Environment", "DoE"),
    DemoDepartment("education", "Department of Education", "DfE"),
    DemoDepartment("health", "Department of Health and Care", "DHC"),
    DemoDepartment("trade", "Department of Trade and Enterprise", "DTE"),
    DemoDepartment("housing", "Department of Housing and Communities", "DHO"),
    DemoDepartment("culture", "Department of Culture and Sport", "DCS"),
    DemoDepartment("farming", "Department of Farming and Fisheries", "DFF"),
    DemoDepartment("interior", "Department of the Interior", "DI"),
)

TOPICS = (
    DemoTopic("transport", "Transport"),
    DemoTopic("environment", "Environment"),
    DemoTopic("education", "Education"),
    DemoTopic("health", "Health and care"),
    DemoTopic("money-and-work", "Money and work"),
    DemoTopic("homes", "Homes and neighbourhoods"),
    DemoTopic("culture", "Culture and sport"),
    DemoTopic("food-and-farming", "Food and farming"),
    DemoTopic("democracy", "Democracy and public services"),
    DemoTopic("accessibility", "Disability and access"),
)
