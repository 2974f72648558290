#!/usr/bin/env python3
"""Validates the RO-Crate of a bundle offline: tools/validate-crate.py BUNDLE

Needs roc-validator (PyPI). The one document that it would fetch, the context of RO-Crate 1.1, is
answered with the file of terms that the bundle carries.
"""
import json
import sys

from rocrate_validator import models, services
from rocrate_validator.utils import http


class Answer:
    status_code, ok, headers = 200, True, {"Content-Type": "application/ld+json"}

    def __init__(self, text):
        self.text, self.content = text, text.encode()

    def json(self):
        return json.loads(self.text)

    def raise_for_status(self):
        pass


folder = sys.argv[1]
with open(folder + "/ro-crate-context.json", encoding="utf-8") as file:
    shipped = Answer(file.read())


def get(self, url, *arguments, **named):
    if url.startswith("https://w3id.org/ro/crate/"):
        return shipped
    raise RuntimeError("the network is not to be used: " + url)


http.HttpRequester.get = get
result = services.validate(services.ValidationSettings(
    rocrate_uri=folder, profile_identifier="process-run-crate-0.5",
    requirement_severity=models.Severity.REQUIRED))
for issue in result.get_issues():
    print(issue.check.identifier, issue.message)
print("passed" if result.passed() else "failed")
sys.exit(0 if result.passed() else 1)
