"""Random lives of budgets: after every step the counters are the ledger's sums, and what plain arithmetic says."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from incentives import ledger
from incentives.models import Application, Award, Budget, LedgerEntry, Recommendation, Round
from portal.models import User
from tests.incentives import make
from tests.incentives.by_hand import settle

AMOUNTS = [
    Decimal(text)
    for text in ("0.01", "100000", "400000", "999999.99", "1000000", "1000000.01", "2500000", "3000000.01")
]
THRESHOLD = Decimal(1_000_000)
CAP_AWARD, CAP_FIRM, REQUESTED = Decimal(2_000_000), Decimal(2_500_000), Decimal(3_000_000)
BEGINNING = Decimal(2_500_000)
ROUNDS, FIRMS, APPROVERS = range(2), range(3), range(3)

amounts = st.sampled_from(AMOUNTS)
applications = st.tuples(st.sampled_from(ROUNDS), st.sampled_from(FIRMS))
approvers = st.sampled_from(APPROVERS)

EFFECTS: dict[str, tuple[int, int, int, int]] = {
    "allocate": (1, 0, 0, 0),
    "reserve": (0, 1, 0, 0),
    "commit": (0, -1, 1, 0),
    "release_reservation": (0, -1, 0, 0),
    "release_commitment": (0, 0, -1, 0),
    "pay": (0, 0, 0, 1),
    "claw_back": (0, 0, -1, -1),
}
"""What each kind does to allocated, reserved, committed and paid, as the product's text has it."""


HOLDING = {"public_notice", "offered", "active"}
LESS = """
    INSERT INTO incentives_ledgerentry (budget_id, kind, amount, key, note)
    SELECT id, 'allocate', -1, 'less', '' FROM incentives_budget LIMIT 1
"""


@dataclass
class Terms:
    """A recommendation that stands, with who approved it at which stage."""

    amount: Decimal
    approved: dict[str, int] = field(default_factory=dict)


@dataclass
class Life:
    """What plain arithmetic knows of an application."""

    status: str = "under_review"
    terms: Terms | None = None
    held: list[Decimal] = field(default_factory=lambda: [Decimal(0)] * 4)

    @property
    def agrees(self) -> bool:
        """Whether status, decision and money agree."""
        _, reserved, committed, paid = self.held
        if not (reserved >= 0 and 0 <= paid <= committed):
            return False
        if self.status not in HOLDING:
            return reserved == 0 and committed == 0
        if self.terms is None or self.terms.amount > CAP_AWARD or "final" not in self.terms.approved:
            return False
        if self.terms.amount > THRESHOLD and "first" not in self.terms.approved:
            return False
        return committed > 0 and reserved == 0 if self.status == "active" else reserved == self.terms.amount


@dataclass
class World:
    """What plain arithmetic knows of everything."""

    budgets: dict[int, list[Decimal]]
    lives: dict[tuple[int, int], Life]

    def moves(self, kind: str, amount: Decimal, number: int, life: Life | None) -> bool:
        """Move money; say whether it may be moved."""
        for place, sign in enumerate(EFFECTS[kind]):
            self.budgets[number][place] += sign * amount
            if life:
                life.held[place] += sign * amount
        allocated, reserved, committed, paid = self.budgets[number]
        whole = 0 <= paid <= committed and reserved >= 0 and reserved + committed <= allocated
        if life is None:
            return whole
        once = kind != "reserve" or (life.held[1] == amount and life.held[2] == 0)
        return whole and once and life.held[1] >= 0 and 0 <= life.held[3] <= life.held[2]

    def held_by_firm(self, firm: int) -> Decimal:
        """Return what the terms of a firm's notices, offers and awards come to."""
        live = [life for (_, place), life in self.lives.items() if place == firm and life.terms]
        amounts = [life.terms.amount for life in live if life.terms and life.status in HOLDING]
        return sum(amounts, Decimal(0))


class Scene:
    """The rows that every life begins with."""

    def __init__(self) -> None:
        """Make rounds of one programme, firms that apply in each, and approvers."""
        programme = make.programme(four_eyes_threshold=THRESHOLD, cap_award=CAP_AWARD, cap_firm=CAP_FIRM)
        self.rounds: list[Round] = [make.round_of(programme, budget=int(BEGINNING)) for _ in ROUNDS]
        firms = [make.organisation() for _ in FIRMS]
        self.recommender: User = make.person()
        self.approvers: list[User] = [make.person() for _ in APPROVERS]
        self.applications: dict[tuple[int, int], Application] = {}
        for number, opened in enumerate(self.rounds):
            for place, firm in enumerate(firms):
                made = make.draft(opened, firm)
                for fields in (
                    {"status": "submitted", "number": f"YP-{made.pk}", "submitted_at": timezone.now(),
                     "requested_amount": REQUESTED},
                    {"status": "under_review"},
                ):  # fmt: skip
                    Application.objects.filter(pk=made.pk).update(**fields)
                self.applications[number, place] = made
        settle()


class Budgets(RuleBasedStateMachine):
    """Rules write as services do, without asking what they ask; PostgreSQL and the arithmetic must agree on each."""

    scene: Scene

    def __init__(self) -> None:
        """Begin a life, taken back at its end."""
        super().__init__()
        self.whole = transaction.atomic()
        self.whole.__enter__()
        self.keys = 0
        self.world = World(
            {number: [BEGINNING, *[Decimal(0)] * 3] for number in ROUNDS},
            {key: Life() for key in self.scene.applications},
        )

    def teardown(self) -> None:
        """Take it back."""
        transaction.set_rollback(True)
        self.whole.__exit__(None, None, None)

    def expect(self, allowed: bool, world: World, write: Callable[[], object]) -> None:
        """Write; PostgreSQL refuses just what the arithmetic refuses."""
        try:
            with transaction.atomic():
                write()
                settle()
            passed = True
        except DatabaseError:
            passed = False
        assert passed == allowed
        if passed:
            self.world = world

    def key(self) -> str:
        """Return a key that was not used."""
        self.keys += 1
        return f"machine-{self.keys}"

    def status(self, at: tuple[int, int], status: str) -> None:
        """Change a status."""
        Application.objects.filter(pk=self.scene.applications[at].pk).update(status=status)

    # --- The steps ---------------------------------------------------------------------

    @rule(number=st.sampled_from(ROUNDS), amount=amounts)
    def allocate(self, number: int, amount: Decimal) -> None:
        """Give a budget more money."""
        world = deepcopy(self.world)
        budget = self.scene.rounds[number].budget
        self.expect(
            world.moves("allocate", amount, number, None),
            world,
            lambda: ledger.allocate(budget=budget, amount=amount, by=self.scene.recommender, key=self.key()),
        )

    @rule(at=applications, amount=amounts)
    def recommend(self, at: tuple[int, int], amount: Decimal) -> None:
        """Recommend."""
        self.recommend_terms(at, amount)

    def recommend_terms(self, at: tuple[int, int], amount: Decimal) -> None:
        """Write terms down."""
        world = deepcopy(self.world)
        life = world.lives[at]
        allowed = life.status == "under_review" and life.terms is None and amount <= REQUESTED
        life.status, life.terms = "recommended", Terms(amount)

        def write() -> None:
            make.recommendation(self.scene.applications[at], by=self.scene.recommender, amount=amount)
            self.status(at, "recommended")

        self.expect(allowed, world, write)

    @rule(at=applications, who=approvers)
    def first_approve(self, at: tuple[int, int], who: int) -> None:
        """Consent to terms, as the first of two."""
        self.consent(at, "first", who, {"recommended"}, "first_approved")

    @rule(at=applications, who=approvers)
    def approve(self, at: tuple[int, int], who: int) -> None:
        """Consent to terms and reserve their amount."""
        self.consent(at, "final", who, {"recommended", "first_approved"}, "public_notice")

    def consent(self, at: tuple[int, int], stage: str, who: int, sources: set[str], target: str) -> None:
        """Write an approval down."""
        world = deepcopy(self.world)
        life = world.lives[at]
        if life.terms is None:
            return
        allowed = life.status in sources and stage not in life.terms.approved
        allowed &= who not in life.terms.approved.values()
        life.terms.approved[stage], life.status = who, target
        if stage == "final":
            allowed &= world.moves("reserve", life.terms.amount, at[0], life)
            allowed &= world.held_by_firm(at[1]) <= CAP_FIRM
        allowed &= life.agrees
        terms = Recommendation.objects.get(application=self.scene.applications[at], voided_at=None)

        def write() -> None:
            make.approval(terms, stage, by=self.scene.approvers[who])
            if stage == "final":
                ledger.reserve(terms.application, terms.amount, by=None, key=self.key())
            self.status(at, target)

        self.expect(allowed, world, write)

    @rule(at=applications, to=st.sampled_from(["under_review", "declined", "withdrawn", "lapsed"]))
    def give_back(self, at: tuple[int, int], to: str) -> None:
        """Void the terms and release what is reserved."""
        world = deepcopy(self.world)
        life, reserved = world.lives[at], world.lives[at].held[1]
        pairs = {
            "under_review": "recommended first_approved public_notice declined under_review",
            "declined": "under_review recommended first_approved public_notice declined",
            "withdrawn": "under_review recommended first_approved public_notice offered withdrawn",
            "lapsed": "offered lapsed",
        }
        allowed = life.status in pairs[to].split()
        if reserved:
            allowed &= world.moves("release_reservation", reserved, at[0], life)
        life.status, life.terms = to, None

        def write() -> None:
            application = self.scene.applications[at]
            ledger.release(application, by=None, key=self.key())
            Recommendation.objects.filter(application=application, voided_at=None).update(voided_at=timezone.now())
            self.status(at, to)

        self.expect(allowed and life.agrees, world, write)

    @rule(at=applications)
    def offer(self, at: tuple[int, int]) -> None:
        """Make an offer."""
        self.end_notice(at)

    def end_notice(self, at: tuple[int, int]) -> None:
        """End the public notice."""
        world = deepcopy(self.world)
        life = world.lives[at]
        allowed = life.status in {"public_notice", "offered"}
        life.status = "offered"
        self.expect(allowed and life.agrees, world, lambda: self.status(at, "offered"))

    @rule(at=applications)
    def accept(self, at: tuple[int, int]) -> None:
        """Accept the offer."""
        self.accept_offer(at)

    def accept_offer(self, at: tuple[int, int]) -> None:
        """Commit what is reserved, and make the award."""
        world = deepcopy(self.world)
        life = world.lives[at]
        if life.terms is None:
            return
        amount, allowed = life.terms.amount, life.status == "offered"
        allowed &= world.moves("commit", amount, at[0], life)
        life.status = "active"

        def write() -> None:
            application = self.scene.applications[at]
            self.insert("commit", amount, at)
            self.status(at, "active")
            Award.objects.create(application=application, amount=amount)

        self.expect(allowed and life.agrees, world, write)

    @rule(at=applications, amount=amounts, steps=st.integers(2, 5))
    def go_along(self, at: tuple[int, int], amount: Decimal, steps: int) -> None:
        """Go so many steps of the way that most applications go."""
        first, second, _ = APPROVERS
        way: list[Callable[[], None]] = [
            lambda: self.recommend_terms(at, amount),
            *(
                [lambda: self.consent(at, "first", first, {"recommended"}, "first_approved")]
                if amount > THRESHOLD
                else []
            ),
            lambda: self.consent(at, "final", second, {"recommended", "first_approved"}, "public_notice"),
            lambda: self.end_notice(at),
            lambda: self.accept_offer(at),
        ]
        for step in way[:steps]:
            step()

    # --- What nobody should do -----------------------------------------------------------

    @rule(at=applications, kind=st.sampled_from(list(EFFECTS)[1:]), amount=amounts)
    def move(self, at: tuple[int, int], kind: str, amount: Decimal) -> None:
        """Add a row to the ledger, and nothing with it."""
        world = deepcopy(self.world)
        life = world.lives[at]
        allowed = world.moves(kind, amount, at[0], life) and life.agrees
        self.expect(allowed, world, lambda: self.insert(kind, amount, at))

    @precondition(lambda self: any(life.status == "active" for life in self.world.lives.values()))
    @rule(data=st.data(), kind=st.sampled_from(["pay", "claw_back", "release_commitment"]), amount=amounts)
    def move_of_award(self, data: st.DataObject, kind: str, amount: Decimal) -> None:
        """Pay an award, take back, or release what is left of it."""
        active = [at for at, life in self.world.lives.items() if life.status == "active"]
        self.move(at=data.draw(st.sampled_from(active)), kind=kind, amount=amount)

    def insert(self, kind: str, amount: Decimal, at: tuple[int, int]) -> None:
        """Add a row to the ledger with SQL."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO incentives_ledgerentry (budget_id, kind, amount, application_id, key, note)"
                " VALUES (%s, %s, %s, %s, %s, '')",
                [self.scene.rounds[at[0]].budget.pk, kind, amount, self.scene.applications[at].pk, self.key()],
            )

    @rule(
        statement=st.sampled_from(
            [
                "UPDATE incentives_budget SET allocated = allocated + 1",
                "UPDATE incentives_budget SET allocated = allocated - 1",
                "UPDATE incentives_budget SET reserved = 0, committed = 0, paid = 0",
                "DELETE FROM incentives_ledgerentry",
                "UPDATE incentives_ledgerentry SET amount = amount + 1",
                LESS,
            ]
        )
    )
    def tamper(self, statement: str) -> None:
        """Write past the ledger."""

        def write() -> None:
            with connection.cursor() as cursor:
                cursor.execute(statement)

        self.expect(allowed=False, world=self.world, write=write)

    # --- What is always true -------------------------------------------------------------

    @invariant()
    def counters_are_the_ledger_and_the_arithmetic(self) -> None:
        """Compare three ways of counting."""
        for number, opened in enumerate(self.scene.rounds):
            counted = list(
                Budget.objects.filter(round=opened).values_list("allocated", "reserved", "committed", "paid").get()
            )
            entries = LedgerEntry.objects.filter(budget=opened.budget).values_list("kind", "amount")
            summed = [sum((EFFECTS[k][place] * a for k, a in entries), Decimal(0)) for place in range(4)]
            assert counted == summed == self.world.budgets[number]
            allocated, reserved, committed, paid = counted
            assert 0 <= paid <= committed <= committed + reserved <= allocated

    @invariant()
    def statuses_are_as_expected(self) -> None:
        """Compare the statuses."""
        there = dict(Application.objects.values_list("pk", "status"))
        known = {self.scene.applications[at].pk: life.status for at, life in self.world.lives.items()}
        assert there == known


def test_counters_are_the_ledger_after_every_step_of_any_life(db: None) -> None:
    Budgets.scene = Scene()

    run_state_machine_as_test(
        Budgets,
        settings=settings(derandomize=True, max_examples=25, stateful_step_count=40, deadline=None, database=None),
    )
