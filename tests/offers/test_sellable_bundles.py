"""What the back-office says of a bundle, and what search makes of it, agree."""

from itertools import product as every

import pytest

from catalog.models import AppliesTo
from catalog.selectors import bundle
from catalog.services.check_bundle import faults_of_product
from offers.services.packaging import packages_of
from tests.factories import make_bundle, make_product

pytestmark = pytest.mark.django_db


def test_a_product_has_no_fault_exactly_when_its_bundle_is_sold() -> None:
    ends: list[tuple[bool, dict[str, str]]] = []
    for applies_to, limited, currency, active in every(AppliesTo.values, (False, True), ("USD", "EUR"), (True, False)):
        product = make_product(
            applies_to=applies_to, capacity_controlled=limited, currency=currency, active=active, type="lounge"
        )
        row = make_bundle(f"bundle_{len(ends)}", items={product: 1})
        view = bundle(row.pk)
        assert view is not None
        sold = bool(packages_of([view], cabin="economy", currency="USD"))
        ends.append((sold, faults_of_product(product, bundle=row)))

    assert [end for end in ends if end[0] == bool(end[1])] == []
    assert sum(sold for sold, _ in ends) == 4
