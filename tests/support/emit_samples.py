"""Lock entries with everything that is awkward for a client: odd names, recursion, clashes, long unions."""

from __future__ import annotations

from horsies_core.contract.lock import LockEntry
from horsies_core.contract.retry import RetryPolicy
from horsies_core.contract.task import Parameter, TaskContract, reachable
from horsies_core.contract.types import (
    AliasDefinition,
    ArrayType,
    Default,
    Definition,
    EnumDefinition,
    Field,
    JsonType,
    MapType,
    NullType,
    NumberType,
    ObjectDefinition,
    Ref,
    StringType,
    TemporalType,
    TupleDefinition,
    TupleType,
    TypeNode,
    literal,
    union,
)

TEXT = StringType()
INT = NumberType(kind="int")
NONE = Default("null")
DEFINITIONS: dict[str, Definition] = {}


def define(definition: Definition) -> Ref:
    """Put a definition into the table of all samples."""
    DEFINITIONS[definition.name] = definition
    return Ref(definition.name)


def field(name: str, kind: TypeNode, *, wire: str | None = None, default: Default | None = None) -> Field:
    """A field of an object, optional if it has a default."""
    name_on_wire = wire or name
    return Field(
        name=name, type=kind, accept=(name_on_wire,), emit=name_on_wire, default=default, required=default is None
    )


def model(name: str, *fields: Field) -> Ref:
    """A model."""
    return define(ObjectDefinition(name=name, kind="model", fields=fields))


def entry(
    name: str,
    source: str,
    parameters: tuple[Parameter, ...] = (),
    result: TypeNode = NullType(),  # noqa: B008 - a value
    *,
    codes: tuple[str, ...] = (),
    doc: str | None = None,
    timeout_ms: int | None = None,
    retry: RetryPolicy | None = None,
) -> LockEntry:
    """A lock entry of one task."""
    contract = TaskContract(
        name=name,
        source=source,
        parameters=parameters,
        result=result,
        definitions=reachable((*(parameter.type for parameter in parameters), result), DEFINITIONS),
        timeout_ms=timeout_ms,
        retry=retry,
    )
    return LockEntry(contract=contract, error_codes=codes, codes_open=True, doc=doc)


def takes(name: str, kind: TypeNode, default: Default | None = None) -> Parameter:
    """A parameter."""
    return Parameter(name=name, type=kind, default=default)


CURRENCY = define(
    EnumDefinition(name="shop.models:Currency", members=(("EUR", '"EUR"'), ("USD", '"USD"'), ("DOLLAR", '"USD"')))
)
PRIORITY = define(EnumDefinition(name="shop.models:Priority", members=(("LOW", "1"), ("HIGH", "2"))))
MIXED = define(EnumDefinition(name="shop.models:Mixed", members=(("title", '"x"'), ("name", "null"), ("mro_", "true"))))
SHOUTING = define(EnumDefinition(name="shop.models:Shouting", members=(("upper", '"upper"'), ("other", '"other"'))))
LINE = model(
    "shop.models:OrderLine",
    field("sku", TEXT),
    field("list", ArrayType(item=TEXT)),
    field("quantity", INT, default=Default("1")),
)
ORDER = model(
    "shop.models:Order",
    field("order_id", INT),
    field("lines", ArrayType(item=LINE)),
    field("datetime", union((TemporalType(kind="date"), NullType())), default=NONE),
    field("from_", TEXT, wire="from"),
    field("currency", CURRENCY),
)
OTHER_ORDER = define(
    ObjectDefinition(
        name="billing.models:Order",
        kind="model",
        fields=(
            Field(name="x", type=TEXT, accept=("X",), emit="x"),
            Field(name="secret", type=TEXT, accept=("secret",), emit=None),
        ),
    )
)
INVOICE = model("billing.models:Invoice", field("order", OTHER_ORDER))
TREE = define(
    AliasDefinition(name="shop.models:Tree", kind="alias", target=union((INT, ArrayType(item=Ref("shop.models:Tree")))))
)
USER_ID = define(AliasDefinition(name="shop.models:UserId", kind="newtype", target=INT))
FLAG = define(AliasDefinition(name="shop.models:Flag", kind="newtype", target=union((INT, TEXT))))
IDS = define(AliasDefinition(name="shop.models:Ids", kind="alias", target=ArrayType(item=USER_ID)))
POINT = define(TupleDefinition(name="shop.models:Point", fields=(field("x", INT), field("y", INT))))
SHADOW = define(TupleDefinition(name="shop.models:Shadow", fields=(field("int", INT), field("y", INT))))
NODE = model(
    "shop.models:Node", field("value", INT), field("next", union((Ref("shop.models:Node"), NullType())), default=NONE)
)
PAGE = model("shop.models:Page(list(shop.models:Node))", field("items", ArrayType(item=NODE)))
EMPTY = model("shop.models:Empty")
LITERAL = model("shop.models:Literal", field("class", TEXT))
METHODS = tuple(
    model(f"shop.models:PaymentByMethodNumber{number}", field("kind", literal(f"m{number}"))) for number in range(5)
)
PAYMENT = define(AliasDefinition(name="shop.models:Payment", kind="alias", target=union(METHODS)))
LONG = literal(*(f"value number {number}" for number in range(9)))

ENTRIES: tuple[LockEntry, ...] = (
    entry(
        "send_email",
        "shop.tasks.email:send_email",
        (
            takes("to", TEXT),
            takes("subject", TEXT),
            takes("template", literal("receipt", "shipped", "delayed"), Default('"receipt"')),
            takes("cc", union((ArrayType(item=TEXT), NullType())), NONE),
        ),
        codes=("BAD_ADDRESS",),
        doc='Send an e-mail.  The "address" is checked for a \\ an @ and nothing """else"""',
    ),
    entry(
        "place_order",
        "shop.tasks.orders:place_order",
        (
            takes("order", ORDER),
            takes("other", OTHER_ORDER),
            takes("at", TemporalType(kind="datetime")),
            takes("amount", NumberType(kind="decimal")),
            takes("id", StringType(format="uuid")),
        ),
        INVOICE,
        codes=(
            "CARD_DECLINED",
            "AN_ERROR_CODE_THAT_TAKES_SO_MUCH_ROOM_THAT_IT_IS_BROKEN",
            "ANOTHER_VERY_LONG_ERROR_CODE_X",
        ),
        timeout_ms=120_000,
        retry=RetryPolicy.fixed([1, 5], auto_retry_for=["CARRIER_DOWN"]),
    ),
    entry("class", "shop.tasks.orders:k", (takes("self", INT), takes("__x", INT), takes("from_", INT, NONE)), TREE),
    entry("größe-x", "shop.tasks.orders:g", result=MapType(key=TEXT, value=JsonType())),
    entry(
        "größe_x",
        "shop.tasks.orders:g2",
        (
            takes("p", POINT),
            takes("shadow", SHADOW),
            takes("n", NODE),
            takes("page", PAGE),
            takes("u", USER_ID),
            takes("flag", FLAG),
            takes("ids", IDS),
            takes("pay", PAYMENT),
            takes("pays", union(METHODS), Default(None)),
            takes("m", MIXED),
            takes("pri", PRIORITY),
            takes("loud", SHOUTING),
            takes("nothing", EMPTY),
            takes("odd", LITERAL),
        ),
        ArrayType(item=TREE),
    ),
    entry("2fa.send it", "shop.tasks.orders:h", (takes("x" * 60, LONG, NONE),), TupleType((INT, TEXT))),
    entry("_hidden", "shop.tasks.zz:h", result=MapType(key=TEXT, value=LONG)),
    entry("task_hidden", "shop.tasks.zz:its_class_clashes"),
    entry(
        "ping",
        "shop.tasks.zz:ping",
        (
            takes("port", NumberType(kind="int", ge=1, le=65535)),
            takes("label", union((StringType(max_length=80, pattern='^"?[a-z]+"?$'), NullType())), NONE),
            takes("hosts", ArrayType(item=TEXT, min_items=1), Default(None)),
        ),
        doc='''"Quoted" at its start, and a first paragraph whose lines were written for a screen that is much wider than ours.
Its second line goes on where the first one stopped.

Args:
    port: Where, and a description that goes on for so long that it has to be wrapped under its own name.
    label: Short.

    - an item that is far too long for one line, and is wrapped with its second line below its first word
    * another\ttabbed "one"''',
    ),
    entry("ping_error_code", "shop.tasks.zz:what_stands_beside_ping"),
    entry("SendEmail", "shop.tasks.zz:other_module"),
    *(entry(name, f"shop.tasks.own:{name}") for name in ("Mapping", "ClassVar", "Client", "str", "import", "type")),
    entry(
        "hostile",
        "shop.tasks.own:hostile",
        (
            *(takes(name, INT) for name in ("cls", "_", "UNSET", "models", "TaskHandle", "str", "payload", "Literal")),
            takes("datetime", TemporalType(kind="datetime")),
            takes("when", union((TemporalType(kind="datetime"), literal("a"))), NONE),
        ),
    ),
    entry("Shop", "shop_tasks.zz:clash", doc="A module whose client file would have the name of another."),
)
