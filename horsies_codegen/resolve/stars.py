"""What ``from module import *`` brings of the modules that are known by table.

A module of the standard library says it itself. The others are written down here, since the compiler loads neither
pydantic nor the runtime; ``tests/codegen/resolve`` holds the table against the installed ones.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache
from importlib import import_module


@cache
def star_names(module: str) -> frozenset[str]:
    """The names that a star import of a known module binds; empty where that is not known."""
    if module in TABLE:
        return frozenset(TABLE[module].split())
    if module.partition(".")[0] not in sys.stdlib_module_names and module != "typing_extensions":
        return frozenset()
    loaded = import_module(module)
    return frozenset(getattr(loaded, "__all__", [name for name in vars(loaded) if not name.startswith("_")]))


TABLE: Mapping[str, str] = {
    "pydantic": """
        AfterValidator AliasChoices AliasGenerator AliasPath AllowInfNan AmqpDsn AnyHttpUrl AnyUrl AnyWebsocketUrl
        AwareDatetime Base64Bytes Base64Encoder Base64Str Base64UrlBytes Base64UrlStr BaseConfig BaseModel
        BeforeValidator ByteSize ClickHouseDsn CockroachDsn ConfigDict DirectoryPath Discriminator EmailStr
        EncodedBytes EncodedStr EncoderProtocol Extra FailFast Field FieldSerializationInfo FilePath FileUrl
        FiniteFloat FtpUrl FutureDate FutureDatetime GetCoreSchemaHandler GetJsonSchemaHandler GetPydanticSchema
        HttpUrl IPvAnyAddress IPvAnyInterface IPvAnyNetwork ImportString InstanceOf Json JsonValue KafkaDsn MISSING
        MariaDBDsn ModelWrapValidatorHandler MongoDsn MySQLDsn NaiveDatetime NameEmail NatsDsn NegativeFloat
        NegativeInt NewPath NonNegativeFloat NonNegativeInt NonPositiveFloat NonPositiveInt OnErrorOmit PastDate
        PastDatetime PaymentCardNumber PlainSerializer PlainValidator PositiveFloat PositiveInt PostgresDsn
        PrivateAttr PydanticDeprecatedSince20 PydanticDeprecatedSince210 PydanticDeprecatedSince211
        PydanticDeprecatedSince212 PydanticDeprecatedSince214 PydanticDeprecatedSince26 PydanticDeprecatedSince29
        PydanticDeprecationWarning PydanticErrorCodes PydanticExperimentalWarning PydanticForbiddenQualifier
        PydanticImportError PydanticInvalidForJsonSchema PydanticSchemaGenerationError PydanticUndefinedAnnotation
        PydanticUserError RedisDsn RootModel Secret SecretBytes SecretStr SerializationInfo SerializeAsAny
        SerializerFunctionWrapHandler SkipValidation SnowflakeDsn SocketPath Strict StrictBool StrictBytes
        StrictFloat StrictInt StrictStr StringConstraints Tag TypeAdapter UUID1 UUID3 UUID4 UUID5 UUID6 UUID7 UUID8
        UrlConstraints VERSION ValidateAs ValidationError ValidationInfo ValidatorFunctionWrapHandler WebsocketUrl
        WithJsonSchema WrapSerializer WrapValidator computed_field conbytes condate condecimal confloat confrozenset
        conint conlist conset constr create_model dataclasses field_serializer field_validator model_serializer
        model_validator parse_obj_as root_validator schema_json_of schema_of validate_call validate_email validator
        with_config
    """,
    "annotated_types": """
        BaseMetadata DocInfo Ge GroupedMetadata Gt Interval IsDigits IsFinite IsInfinite IsNan IsNotFinite
        IsNotInfinite IsNotNan Le Len LowerCase Lt MaxLen MinLen MultipleOf Predicate Timezone UpperCase doc
    """,
    "horsies": """
        AppConfig ConfigError ContractErrorCode ContractMismatchError DiscoveryError DuplicateTaskError EnqueueError
        Err Horsies HorsiesError IdempotencyConflictError JsonLike JsonValue Ok OperationalErrorCode OtherErrorCode
        Outcome OutcomeErrorCode PastAttempt PayloadError PayloadProblem PayloadTooLargeError PostgresConfig
        QueueConfig QueueMode ResultError ResultTimeoutError RetrievalErrorCode RetryPolicy SchemaError
        SendDuringDiscoveryError SendError SendOptionError SendOptions StoreError StoreUnavailableError
        TYPE_CHECKING Task TaskDefinitionError TaskError TaskHandle TaskInfo TaskOptionError TaskResult TaskState
        WorkerConfig import_module is_err is_ok
    """,
    "pydantic.types": """
        AllowInfNan AwareDatetime Base64Bytes Base64Encoder Base64Str Base64UrlBytes Base64UrlStr ByteSize
        DirectoryPath Discriminator EncodedBytes EncodedStr EncoderProtocol FailFast FilePath FiniteFloat FutureDate
        FutureDatetime GetPydanticSchema ImportString Json JsonValue NaiveDatetime NegativeFloat NegativeInt NewPath
        NonNegativeFloat NonNegativeInt NonPositiveFloat NonPositiveInt OnErrorOmit PastDate PastDatetime
        PaymentCardNumber PositiveFloat PositiveInt Secret SecretBytes SecretStr SocketPath Strict StrictBool
        StrictBytes StrictFloat StrictInt StrictStr StringConstraints Tag UUID1 UUID3 UUID4 UUID5 UUID6 UUID7 UUID8
        conbytes condate condecimal confloat confrozenset conint conlist conset constr
    """,
    "pydantic.networks": """
        AmqpDsn AnyHttpUrl AnyUrl AnyWebsocketUrl ClickHouseDsn CockroachDsn EmailStr FileUrl FtpUrl HttpUrl
        IPvAnyAddress IPvAnyInterface IPvAnyNetwork KafkaDsn MariaDBDsn MongoDsn MySQLDsn NameEmail NatsDsn
        PostgresDsn RedisDsn SnowflakeDsn UrlConstraints WebsocketUrl validate_email
    """,
    "pydantic.alias_generators": """
        to_camel to_pascal to_snake
    """,
    "pydantic.dataclasses": """
        dataclass rebuild_dataclass
    """,
}
