"""A demo's people and orders: made through the real services, and safe to run again."""

from altis.backoffice.demo.errors import DemoError
from altis.backoffice.demo.people import CUSTOMERS, STAFF, Account, ensure_people
from altis.backoffice.demo.plan import PLAN
from altis.backoffice.demo.seed import seed_orders

__all__ = ["CUSTOMERS", "PLAN", "STAFF", "Account", "DemoError", "ensure_people", "seed_orders"]
