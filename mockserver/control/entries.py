"""Which function answers which operation of `control.openapi.yaml`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from mockserver.control import clocks, documents, exchanges, faults, resetting, snapshots, states, webhooks
from mockserver.control.seeing import Asked, Seen, Told

Function: TypeAlias = Callable[[Seen, Asked], Told]

OPERATIONS: Mapping[str, Function] = {
    "getIndex": documents.read_index,
    "getHealth": documents.read_health,
    "getDocument": documents.read_document,
    "getDocumentAsYaml": documents.read_document_as_yaml,
    "getDescription": documents.read_description,
    "getState": states.read_state,
    "importState": states.import_state,
    "getCollection": states.read_collection,
    "getResource": states.read_resource,
    "putResource": states.put_resource,
    "deleteResource": states.delete_resource,
    "takeSnapshot": snapshots.take_snapshot,
    "restoreSnapshot": snapshots.restore_snapshot,
    "reset": resetting.reset,
    "listRequests": exchanges.list_requests,
    "getRequest": exchanges.read_request,
    "getHar": exchanges.read_har,
    "clearRequests": exchanges.clear_requests,
    "getClock": clocks.read_clock,
    "setClock": clocks.set_clock,
    "listFaults": faults.list_faults,
    "addFaults": faults.add_faults,
    "clearFaults": faults.clear_faults,
    "deleteFault": faults.delete_fault,
    "listWebhooks": webhooks.list_webhooks,
    "subscribe": webhooks.subscribe,
    "unsubscribe": webhooks.unsubscribe,
    "triggerWebhook": webhooks.trigger,
    "getDelivery": webhooks.read_delivery,
    "resendDelivery": webhooks.resend,
}
