"""What the audit prints of a violation."""

from dcrm_setup.inside.audit import told


def violation(count):
    return {
        "invariant": "profit",
        "message": f"{count} rows are wrong.",
        "model": "dcrm.customer.profit",
        "ids": list(range(1, count + 1)),
    }


def test_few_ids_are_all_told():
    said = told(violation(10))
    assert said == (
        "profit: 10 rows are wrong. "
        "(dcrm.customer.profit 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)"
    )


def test_of_many_the_first_ten_and_how_many():
    said = told(violation(100_000))
    assert said == (
        "profit: 100000 rows are wrong. "
        "(dcrm.customer.profit 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, …: 100000 in all)"
    )
