"""Lives that nobody would think of: whatever is tried by whomever, what is stored follows from the facts.

More of them: ``LIVES=2000 pytest tests/faults/test_random_lives.py``.
"""

import os
import random

import pytest
from django.db import connection

from tests import builders, cast
from tests.faults.living import Life, Step, drawn

pytestmark = pytest.mark.django_db
LIVES, STEPS = int(os.environ.get("LIVES", "6")), 60
FIRST = Step("open", 0, 0, 0, 0, 0, False)


@pytest.mark.parametrize("seed", range(LIVES))
def test_what_is_stored_follows_from_the_facts(seed: int) -> None:
    people = {
        "office": cast.office(),
        "auditor": cast.auditor(),
        "administrator": cast.administrator(),
        "manager": cast.manager(),
        "dispatcher": cast.dispatcher(),
        "technician": cast.technician(),
        "colleague": cast.technician(),
        "stranger": cast.stranger(),
    }
    devices = [builders.device() for _ in range(12)]
    devices.append(builders.device(at=f"{builders.CAMPUS}/别处"))
    builders.contract()
    chance, campus, told = random.Random(seed), Life(people, devices), [FIRST]
    campus.take(FIRST)
    for _ in range(STEPS):
        step = drawn(chance, campus)
        told.append(step)
        try:
            campus.take(step)
        except Exception as error:
            error.add_note("\n".join(map(str, told)))
            raise
    connection.check_constraints()
