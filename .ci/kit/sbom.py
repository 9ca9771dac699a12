"""The bill of materials of a wheelhouse, as CycloneDX 1.6 writes it."""

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from kit.wheels import UNKNOWN, Wheel


def bill(wheels: Iterable[Wheel], root: str, epoch: int) -> str:
    """One component per wheel, with its licence, its hash and what it depends on; the same wheels give the same text.

    Args:   root: the name of our own wheel; epoch: seconds, the moment it says.
    Raises: ValueError if the text is not what the schema asks for.
    """
    listed = list(wheels)
    components = {item: _component(item, application=item.name == root) for item in listed}
    bom = Bom(components=[component for item, component in components.items() if item.name != root])
    bom.metadata.timestamp = datetime.fromtimestamp(epoch, UTC)
    bom.metadata.component = next(component for item, component in components.items() if item.name == root)
    bom.serial_number = uuid.UUID(sha256("".join(sorted(item.sha256 for item in listed)).encode()).hexdigest()[:32])
    for item, component in components.items():
        names = item.requires | item.offers if item.name == root else item.requires
        bom.register_dependency(component, [components[other] for other in listed if other.name in names])
    text = JsonV1Dot6(bom).output_as_string(indent=2)
    wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if wrong:
        raise ValueError(f"{wrong}")
    return text + "\n"


def _component(wheel: Wheel, *, application: bool) -> Component:
    licences = [] if wheel.licence == UNKNOWN else [LicenseFactory().make_from_string(wheel.licence)]
    return Component(
        type=ComponentType.APPLICATION if application else ComponentType.LIBRARY,
        name=wheel.name,
        version=wheel.version,
        description=wheel.summary or None,
        bom_ref=wheel.path.name,
        licenses=licences,
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=wheel.sha256)],
        purl=PackageURL("pypi", None, wheel.name, wheel.version, {"file_name": wheel.path.name}),
    )
