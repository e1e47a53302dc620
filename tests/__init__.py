"""The tests, in folders that mirror petitions/, with whole stories in journeys/ and the house rules in rules/."""
