"""The objects of the API, as type checkers and editors see them.

Made by `python -m syncdyn.stubs`; not to be edited.
"""

import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import IO, Any, Literal, TypeAlias

from syncdyn.errors import BadRequestError as BadRequestError
from syncdyn.errors import ConflictError as ConflictError
from syncdyn.errors import ForbiddenError as ForbiddenError
from syncdyn.errors import GatewayTimeoutError as GatewayTimeoutError
from syncdyn.errors import InternalServerError as InternalServerError
from syncdyn.errors import NotFoundError as NotFoundError
from syncdyn.errors import PayloadTooLargeError as PayloadTooLargeError
from syncdyn.errors import PaymentRequiredError as PaymentRequiredError
from syncdyn.errors import ServiceUnavailableError as ServiceUnavailableError
from syncdyn.errors import TooManyRequestsError as TooManyRequestsError
from syncdyn.errors import UnauthorizedError as UnauthorizedError
from syncdyn.errors import UnprocessableEntityError as UnprocessableEntityError
from syncdyn.model import Model as _Model

_FileInput: TypeAlias = (
    IO[bytes] | bytes | bytearray | os.PathLike[str] | tuple[str | None, Any] | tuple[str | None, Any, str | None]
)

class _Object(_Model):
    __getattr__: None  # type: ignore[misc, assignment]  # what is not declared is a mistake

class CreateGenerationDto(_Object):
    """A generation to create or to price."""

    def __init__(
        self,
        *,
        model: Model,
        input: Sequence[Input | Mapping[str, Any]],
        options: GenerationOptions | Mapping[str, Any] | None = None,
        segments: Sequence[GenerationSegment | Mapping[str, Any]] | None = None,
        webhook_url: str | None = None,
        output_file_name: str | None = None,
        project_id: str | None = None,
    ) -> None: ...
    @property
    def model(self) -> Model:
        """Model to use."""

    @property
    def input(self) -> list[Input]:
        """The media: one video (an image for `sync-3`) and at least one audio or text item. Several audio or text
        items need `segments` and a different `refId` each.
        """

    @property
    def options(self) -> GenerationOptions | None:
        """Fine tuning."""

    @property
    def segments(self) -> list[GenerationSegment] | None:
        """Parts of the video, each with its own speech. Ranges must not overlap."""

    @property
    def webhook_url(self) -> str | None:
        """Public HTTPS address to call when the generation ends."""

    @property
    def output_file_name(self) -> str | None:
        """Name of the result without extension, up to 255 letters, digits, `_` or `-`. `.mp4` is added."""

    @property
    def project_id(self) -> str | None:
        """Project to file the generation under."""

class CreateGenerationForm(_Object):
    """A generation to create, with media as files of up to 20 MB, one per kind. Files and `input` items may be
    mixed; for the same kind the file wins.
    """

    def __init__(
        self,
        *,
        model: Model,
        video: _FileInput | None = None,
        audio: _FileInput | None = None,
        image: _FileInput | None = None,
        input: Sequence[Input | Mapping[str, Any]] | None = None,
        options: GenerationOptions | Mapping[str, Any] | None = None,
        segments: Sequence[GenerationSegment | Mapping[str, Any]] | None = None,
        webhook_url: str | None = None,
        output_file_name: str | None = None,
    ) -> None: ...
    @property
    def model(self) -> Model:
        """Model to use."""

    @property
    def video(self) -> bytes | None:
        """Video file, up to 20 MB. MP4 is best; MOV, WebM and AVI are accepted."""

    @property
    def audio(self) -> bytes | None:
        """Audio file, up to 20 MB. WAV or MP3 is best; OGG, FLAC, ALAC and M4A are accepted."""

    @property
    def image(self) -> bytes | None:
        """Image file (JPEG, PNG, WebP) instead of a video, up to 20 MB. `sync-3` only."""

    @property
    def input(self) -> list[Input] | None:
        """Media given by URL, asset or text instead of a file. Sent as JSON text."""

    @property
    def options(self) -> GenerationOptions | None:
        """Fine tuning. Sent as JSON text."""

    @property
    def segments(self) -> list[GenerationSegment] | None:
        """Parts of the video, each with its own speech. Sent as JSON text."""

    @property
    def webhook_url(self) -> str | None:
        """Public HTTPS address to call when the generation ends."""

    @property
    def output_file_name(self) -> str | None:
        """Name of the result without extension, up to 255 letters, digits, `_` or `-`. `.mp4` is added."""

Input: TypeAlias = Video | Audio | TTS | Image
"""One piece of media, told apart by `type`."""

class Video(_Object):
    """The video whose lips are changed. Give `url` or `assetId`. At most 4096 x 2160 pixels."""

    def __init__(
        self,
        *,
        url: str | None = None,
        asset_id: str | None = None,
        ref_id: str | None = None,
        segments_secs: Sequence[Sequence[float]] | None = None,
        segments_frames: Sequence[Sequence[int]] | None = None,
        type: Literal["video"] = "video",
    ) -> None: ...
    @property
    def type(self) -> Literal["video"]:
        """Always `video`."""

    @property
    def url(self) -> str | None:
        """Public address of the video."""

    @property
    def asset_id(self) -> str | None:
        """The video in the media library."""

    @property
    def ref_id(self) -> str | None:
        """Label for this item."""

    @property
    def segments_secs(self) -> list[SegmentSecs] | None:
        """Parts to work on, in seconds. Use the top-level `segments` instead."""

    @property
    def segments_frames(self) -> list[SegmentFrames] | None:
        """Parts to work on, in frames. Use the top-level `segments` instead."""

class Audio(_Object):
    """Recorded speech. Give `url` or `assetId`. Only the first audio stream is used."""

    def __init__(
        self,
        *,
        url: str | None = None,
        asset_id: str | None = None,
        ref_id: str | None = None,
        type: Literal["audio"] = "audio",
    ) -> None: ...
    @property
    def type(self) -> Literal["audio"]:
        """Always `audio`."""

    @property
    def url(self) -> str | None:
        """Public address of the audio."""

    @property
    def asset_id(self) -> str | None:
        """The audio in the media library."""

    @property
    def ref_id(self) -> str | None:
        """Label a segment points to. Needed with `segments`."""

class TTS(_Object):
    """Speech made from text."""

    def __init__(
        self,
        *,
        provider: TtsProviderConfig | Mapping[str, Any],
        ref_id: str | None = None,
        type: Literal["text"] = "text",
    ) -> None: ...
    @property
    def type(self) -> Literal["text"]:
        """Always `text`."""

    @property
    def provider(self) -> TtsProviderConfig:
        """Voice and text."""

    @property
    def ref_id(self) -> str | None:
        """Label a segment points to. Needed with `segments`."""

Tts: TypeAlias = TTS

class Image(_Object):
    """A still image (JPEG, PNG, WebP) in place of a video. `sync-3` only; `sync_mode` has no effect then."""

    def __init__(
        self,
        *,
        url: str | None = None,
        asset_id: str | None = None,
        ref_id: str | None = None,
        type: Literal["image"] = "image",
    ) -> None: ...
    @property
    def type(self) -> Literal["image"]:
        """Always `image`."""

    @property
    def url(self) -> str | None:
        """Public address of the image."""

    @property
    def asset_id(self) -> str | None:
        """The image in the media library."""

    @property
    def ref_id(self) -> str | None:
        """Label for this item."""

TtsProviderConfig: TypeAlias = ElevenLabs
"""Speech provider settings, told apart by `name`."""

class ElevenLabs(_Object):
    """Speech by ElevenLabs."""

    def __init__(
        self,
        *,
        voice_id: str,
        script: str,
        stability: float | None = None,
        similarity_boost: float | None = None,
        name: Literal["elevenlabs"] = "elevenlabs",
    ) -> None: ...
    @property
    def name(self) -> Literal["elevenlabs"]:
        """Always `elevenlabs`."""

    @property
    def voice_id(self) -> str:
        """Voice id of Sync or ElevenLabs. Case matters."""

    @property
    def script(self) -> str:
        """Text to speak, up to 5,000 characters."""

    @property
    def stability(self) -> float | None:
        """Evenness of the voice, 0 to 1. Low is more varied."""

    @property
    def similarity_boost(self) -> float | None:
        """Closeness to the original voice, 0 to 1."""

class GenerationOptions(_Object):
    """Fine tuning. What a model does not support it ignores."""

    def __init__(
        self,
        *,
        sync_mode: SyncMode | None = None,
        model_mode: ModelMode | None = None,
        prompt: Emotion | None = None,
        temperature: float | None = None,
        active_speaker_detection: ActiveSpeaker | Mapping[str, Any] | None = None,
        occlusion_detection_enabled: bool | None = None,
        reasoning_enabled: bool | None = None,
    ) -> None: ...
    @property
    def sync_mode(self) -> SyncMode | None:
        """What to do when video and audio differ in length. Best given explicitly."""

    @property
    def model_mode(self) -> ModelMode | None:
        """What may move. `react-1` only."""

    @property
    def prompt(self) -> Emotion | None:
        """Emotion to show. `react-1` only."""

    @property
    def temperature(self) -> float | None:
        """Expressiveness, 0 to 1. `lipsync-2` and `lipsync-2-pro`."""

    @property
    def active_speaker_detection(self) -> ActiveSpeaker | None:
        """Which face speaks. Creator plan and up."""

    @property
    def occlusion_detection_enabled(self) -> bool | None:
        """Cope with things in front of the face. Slower."""

    @property
    def reasoning_enabled(self) -> bool | None:
        """Let the model reason about the scene. `lipsync-2-pro`."""

class ActiveSpeaker(_Object):
    """Chooses the face to work on: automatically, by a point in one frame, or by boxes. Use one way."""

    def __init__(
        self,
        *,
        auto_detect: bool | None = None,
        frame_number: int | None = None,
        coordinates: Sequence[int] | None = None,
        bounding_boxes: Sequence[Sequence[float] | None] | None = None,
        bounding_boxes_url: str | None = None,
        v3: bool | None = None,
    ) -> None: ...
    @property
    def auto_detect(self) -> bool | None:
        """Follow whoever speaks. Not for images."""

    @property
    def frame_number(self) -> int | None:
        """Frame that `coordinates` refers to."""

    @property
    def coordinates(self) -> list[int] | None:
        """Point on the face, `[x, y]` in pixels of the source."""

    @property
    def bounding_boxes(self) -> list[list[float] | None] | None:
        """One box per frame; `null` for a frame without the face."""

    @property
    def bounding_boxes_url(self) -> str | None:
        """Address of a JSON file with the boxes."""

    @property
    def v3(self) -> bool | None:
        """Use version 3 of the detection."""

SegmentSecs: TypeAlias = list[float]
"""Range `[start, end]` in seconds."""
SegmentFrames: TypeAlias = list[int]
"""Range `[start, end]` in frames; start is below end."""

class GenerationSegment(_Object):
    """A part of the video and the speech for it."""

    def __init__(
        self,
        *,
        start_time: float,
        end_time: float,
        audio_input: SegmentAudioInput | Mapping[str, Any],
        options_override: SegmentOptionsOverride | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def start_time(self) -> float:
        """Start in the video in seconds."""

    @property
    def end_time(self) -> float:
        """End in the video in seconds, not before `startTime`."""

    @property
    def audio_input(self) -> SegmentAudioInput:
        """The speech for this part."""

    @property
    def options_override(self) -> SegmentOptionsOverride | None:
        """Options for this part only."""

class SegmentAudioInput(_Object):
    """The speech of a segment, whole or cropped. Give both crop times or neither."""

    def __init__(self, *, ref_id: str, start_time: float | None = None, end_time: float | None = None) -> None: ...
    @property
    def ref_id(self) -> str:
        """`refId` of an audio or text item of `input`."""

    @property
    def start_time(self) -> float | None:
        """Start of the crop in seconds."""

    @property
    def end_time(self) -> float | None:
        """End of the crop in seconds."""

class SegmentOptionsOverride(_Object):
    """Options that differ for one segment."""

    def __init__(
        self,
        *,
        sync_mode: SyncMode | None = None,
        temperature: float | None = None,
        active_speaker_detection: ActiveSpeaker | Mapping[str, Any] | None = None,
        occlusion_detection_enabled: bool | None = None,
    ) -> None: ...
    @property
    def sync_mode(self) -> SyncMode | None:
        """What to do when lengths differ."""

    @property
    def temperature(self) -> float | None:
        """Expressiveness, 0 to 1."""

    @property
    def active_speaker_detection(self) -> ActiveSpeaker | None:
        """Which face speaks."""

    @property
    def occlusion_detection_enabled(self) -> bool | None:
        """Cope with things in front of the face."""

class CreateBatchForm(_Object):
    """A batch to run or to check."""

    def __init__(
        self,
        *,
        input: _FileInput | list[BatchLine] | list[dict[str, Any]],
        webhook_url: str | None = None,
        dry_run: bool | None = None,
    ) -> None: ...
    @property
    def input(self) -> bytes:
        """JSON Lines file, one `BatchLine` per line, up to 5 MB and 1000 lines."""

    @property
    def webhook_url(self) -> str | None:
        """Public HTTPS address to call when the batch ends."""

    @property
    def dry_run(self) -> bool | None:
        """Only check the file; create nothing."""

class BatchLine(_Object):
    """One line of the batch input file."""

    def __init__(
        self,
        *,
        request_id: str,
        payload: CreateGenerationDto | Mapping[str, Any],
        endpoint: Literal["/v2/generate"] = "/v2/generate",
    ) -> None: ...
    @property
    def request_id(self) -> str:
        """Your name for the request; unique in the file."""

    @property
    def endpoint(self) -> Literal["/v2/generate"]:
        """Always `/v2/generate`."""

    @property
    def payload(self) -> CreateGenerationDto:
        """The generation to create."""

class Generation(_Object):
    """A lip-sync job and, once completed, its result."""

    def __init__(
        self,
        *,
        id: str,
        created_at: datetime | str,
        status: GenerationStatus,
        model: Model,
        input: Sequence[Input | Mapping[str, Any]],
        options: GenerationOptions | Mapping[str, Any] | None = None,
        segments: Sequence[GenerationSegment | Mapping[str, Any]] | None = None,
        webhook_url: str | None = None,
        output_url: str | None = None,
        output_duration: float | None = None,
        segment_output_url: str | None = None,
        output_file_name: str | None = None,
        project_id: str | None = None,
        synthesized_audio_url: str | None = None,
        error: str | None = None,
        error_code: str | None = None,
    ) -> None: ...
    @property
    def id(self) -> str:
        """Id of the generation."""

    @property
    def created_at(self) -> datetime:
        """When it was created."""

    @property
    def status(self) -> GenerationStatus:
        """Where it stands."""

    @property
    def model(self) -> Model:
        """Model in use."""

    @property
    def input(self) -> list[Input]:
        """The media as requested."""

    @property
    def options(self) -> GenerationOptions | None:
        """The options as requested."""

    @property
    def segments(self) -> list[GenerationSegment] | None:
        """The segments as requested."""

    @property
    def webhook_url(self) -> str | None:
        """Address to call at the end."""

    @property
    def output_url(self) -> str | None:
        """Signed address of the result once completed, to be used unchanged. Null or empty before."""

    @property
    def output_duration(self) -> float | None:
        """Length of the result in seconds."""

    @property
    def segment_output_url(self) -> str | None:
        """Address of the result of the segments alone."""

    @property
    def output_file_name(self) -> str | None:
        """Name of the result without extension."""

    @property
    def project_id(self) -> str | None:
        """Project it belongs to."""

    @property
    def synthesized_audio_url(self) -> str | None:
        """Address of the speech made from text."""

    @property
    def error(self) -> str | None:
        """What went wrong, when it failed or was rejected."""

    @property
    def error_code(self) -> str | None:
        """Stable code of what went wrong."""

GenerationId: TypeAlias = str
"""Id of a generation; a UUID in practice."""

class GenerationError(_Object):
    """Body of every error answer. Branch on `errorCode` where there is one."""

    def __init__(
        self,
        *,
        message: str | Sequence[str],
        status_code: int,
        error_code: str | None = None,
        error: str | None = None,
        request_id: str | None = None,
        suggestion: str | None = None,
        field: str | None = None,
        generation_id: str | None = None,
        line_number: int | None = None,
        active_generations: int | None = None,
        concurrency_limit: int | None = None,
        retry_after_seconds: float | None = None,
        upgrade_url: str | None = None,
    ) -> None: ...
    @property
    def message(self) -> GenerationErrorMessage:
        """What is wrong."""

    @property
    def status_code(self) -> int:
        """HTTP status."""

    @property
    def error_code(self) -> str | None:
        """Stable code of the error."""

    @property
    def error(self) -> str | None:
        """Reason phrase of the status."""

    @property
    def request_id(self) -> str | None:
        """Id to quote to support, on 500."""

    @property
    def suggestion(self) -> str | None:
        """What to do about it."""

    @property
    def field(self) -> str | None:
        """The member at fault."""

    @property
    def generation_id(self) -> str | None:
        """Generation to poll when the outcome is uncertain."""

    @property
    def line_number(self) -> int | None:
        """Line of the batch file at fault, from 1."""

    @property
    def active_generations(self) -> int | None:
        """Generations running now."""

    @property
    def concurrency_limit(self) -> int | None:
        """Generations the plan lets run at once."""

    @property
    def retry_after_seconds(self) -> float | None:
        """Seconds to wait."""

    @property
    def upgrade_url(self) -> str | None:
        """Where to change the plan."""

GenerationErrorMessage: TypeAlias = str | list[str]
"""One message, or a list when several rules are broken."""

class EstimatedGenerationCost(_Object):
    """Likely size and price of a generation."""

    def __init__(self, *, estimated_frame_count: float, estimated_generation_cost: float) -> None: ...
    @property
    def estimated_frame_count(self) -> float:
        """Frames of the result."""

    @property
    def estimated_generation_cost(self) -> float:
        """Price in US dollars."""

class BatchResponse(_Object):
    """A batch and its counts. The spelling of its members is mixed."""

    def __init__(
        self,
        *,
        id: str,
        created_at: datetime | str,
        status: BatchStatus,
        metrics: BatchMetrics | Mapping[str, Any],
        output_url: str | None,
        webhook_url: str | None = None,
    ) -> None: ...
    @property
    def id(self) -> str:
        """Id of the batch."""

    @property
    def created_at(self) -> datetime:
        """When it was created."""

    @property
    def status(self) -> BatchStatus:
        """Where it stands."""

    @property
    def metrics(self) -> BatchMetrics:
        """Counts of its generations."""

    @property
    def webhook_url(self) -> str | None:
        """Address to call at the end."""

    @property
    def output_url(self) -> str | None:
        """Address of the JSON Lines file with the results. Null or empty until the batch has ended."""

BatchNotification: TypeAlias = BatchResponse
BatchId: TypeAlias = str
"""Id of a batch."""

class BatchMetrics(_Object):
    """Counts of a batch's generations. They may lag behind."""

    def __init__(
        self,
        *,
        total_generations: int,
        success_count: int,
        failed_count: int,
        pending_count: int,
    ) -> None: ...
    @property
    def total_generations(self) -> int:
        """All generations."""

    @property
    def success_count(self) -> int:
        """Those completed."""

    @property
    def failed_count(self) -> int:
        """Those failed."""

    @property
    def pending_count(self) -> int:
        """Those waiting or running."""

CreateBatchResponse: TypeAlias = BatchResponse | ValidationResponse
"""A created batch, or the word that the file is valid after a dry run."""

class ValidationResponse(_Object):
    """Answer to a dry run."""

    def __init__(self, *, status: Literal["VALIDATED"] = "VALIDATED") -> None: ...
    @property
    def status(self) -> Literal["VALIDATED"]:
        """Always `VALIDATED`."""

class BatchResultLine(_Object):
    """One line of a batch's result file."""

    def __init__(
        self,
        *,
        request_id: str,
        generation_id: str | None = None,
        status: GenerationStatus | None = None,
        response: Generation | Mapping[str, Any] | None = None,
        error: str | None = None,
    ) -> None: ...
    @property
    def request_id(self) -> str:
        """Your name for the request."""

    @property
    def generation_id(self) -> str | None:
        """Id of the generation made for it."""

    @property
    def status(self) -> GenerationStatus | None:
        """How the generation ended."""

    @property
    def response(self) -> Generation | None:
        """The generation, null when none was created."""

    @property
    def error(self) -> str | None:
        """What went wrong."""

class Asset(_Object):
    """An item of the media library."""

    def __init__(
        self,
        *,
        id: str,
        created_at: datetime | str,
        updated_at: datetime | str,
        type: AssetType,
        visibility: AssetVisibility,
        name: str | None = None,
        url: str | None = None,
        size: int | None = None,
        format: str | None = None,
        input_type: AssetInputType | None = None,
        duration_seconds: float | None = None,
        thumbnail_url: str | None = None,
        width: int | None = None,
        height: int | None = None,
        project_id: str | None = None,
    ) -> None: ...
    @property
    def id(self) -> str:
        """Id of the asset."""

    @property
    def created_at(self) -> datetime:
        """When it was created."""

    @property
    def updated_at(self) -> datetime:
        """When it was last changed."""

    @property
    def type(self) -> AssetType:
        """Kind of media."""

    @property
    def visibility(self) -> AssetVisibility:
        """Who sees it."""

    @property
    def name(self) -> str | None:
        """Name shown in the library."""

    @property
    def url(self) -> str | None:
        """Address of the file."""

    @property
    def size(self) -> int | None:
        """Size in bytes."""

    @property
    def format(self) -> str | None:
        """File format, such as `mp4`."""

    @property
    def input_type(self) -> AssetInputType | None:
        """How it came into the library."""

    @property
    def duration_seconds(self) -> float | None:
        """Length in seconds."""

    @property
    def thumbnail_url(self) -> str | None:
        """Address of a preview image."""

    @property
    def width(self) -> int | None:
        """Width in pixels."""

    @property
    def height(self) -> int | None:
        """Height in pixels."""

    @property
    def project_id(self) -> str | None:
        """Project it belongs to."""

AssetId: TypeAlias = str
"""Id of an asset; a UUID in practice."""

class PaginatedAssetsResponse(_Object):
    """One page of assets."""

    def __init__(
        self,
        *,
        items: Sequence[Asset | Mapping[str, Any]],
        next_cursor: str | None = None,
        total_count: int | None = None,
    ) -> None: ...
    @property
    def items(self) -> list[Asset]:
        """The assets of this page."""

    @property
    def next_cursor(self) -> str | None:
        """`cursor` of the next page. Null or absent on the last."""

    @property
    def total_count(self) -> int | None:
        """Assets on all pages."""

class ModelInfo(_Object):
    """A model this key may use."""

    def __init__(
        self,
        *,
        id: str,
        name: str,
        type: ModelType,
        version: str,
        description: str | None = None,
        deprecated_at: datetime | str | None = None,
    ) -> None: ...
    @property
    def id(self) -> str:
        """Id of the model."""

    @property
    def name(self) -> str:
        """Name to use as `model`."""

    @property
    def type(self) -> ModelType:
        """Family of the model."""

    @property
    def version(self) -> str:
        """Version of the model."""

    @property
    def description(self) -> str | None:
        """What it is good at."""

    @property
    def deprecated_at(self) -> datetime | None:
        """When it was or will be retired."""

class GenerationNotification(_Object):
    """Body of the webhook call for a generation. Note `error_code`, in snake_case here."""

    def __init__(
        self,
        *,
        status: WebhookStatus,
        created_at: datetime | str,
        id: str,
        input: Sequence[Input | Mapping[str, Any]],
        model: Model,
        options: GenerationOptions | Mapping[str, Any] | None = None,
        output_url: str | None = None,
        output_duration: float | None = None,
        segment_output_url: str | None = None,
        webhook_url: str | None = None,
        error: str | None = None,
        error_code: str | None = None,
    ) -> None: ...
    @property
    def status(self) -> WebhookStatus:
        """How it ended."""

    @property
    def created_at(self) -> datetime:
        """When the generation was created."""

    @property
    def id(self) -> str:
        """Id of the generation."""

    @property
    def input(self) -> list[Input]:
        """The media as requested."""

    @property
    def model(self) -> Model:
        """Model used."""

    @property
    def options(self) -> GenerationOptions | None:
        """The options as requested."""

    @property
    def output_url(self) -> str | None:
        """Signed address of the result."""

    @property
    def output_duration(self) -> float | None:
        """Length of the result in seconds."""

    @property
    def segment_output_url(self) -> str | None:
        """Address of the result of the segments alone."""

    @property
    def webhook_url(self) -> str | None:
        """The address called."""

    @property
    def error(self) -> str | None:
        """What went wrong."""

    @property
    def error_code(self) -> str | None:
        """Stable code of what went wrong."""

Model: TypeAlias = Literal["lipsync-2", "lipsync-2-pro", "lipsync-1.9.0-beta", "react-1", "sync-3"]
"""`lipsync-2` for general use, fast; `lipsync-2-pro` for fine detail such as beards and teeth, slower;
`lipsync-1.9.0-beta` for speed; `react-1` for emotion in clips of up to 15 s; `sync-3` for best quality,
4K and image input.
"""
GenerationStatus: TypeAlias = Literal["PENDING", "PROCESSING", "COMPLETED", "FAILED", "REJECTED"]
"""`PENDING` waits, `PROCESSING` runs. Final: `COMPLETED` has a result, `FAILED` broke while running,
`REJECTED` was refused before it ran.
"""
SyncMode: TypeAlias = Literal["bounce", "loop", "cut_off", "silence", "remap"]
"""What to do when lengths differ. `bounce` plays the video back and forth, `loop` repeats it, `cut_off` ends
with the shorter of the two, `silence` pads the audio, `remap` changes the video's speed.
"""
ModelMode: TypeAlias = Literal["lips", "face", "head"]
"""What `react-1` may move."""
Emotion: TypeAlias = Literal["happy", "sad", "angry", "disgusted", "surprised", "neutral"]
"""Emotion `react-1` shows."""
BatchStatus: TypeAlias = Literal["PENDING", "JOBS_CREATED", "PROCESSING", "COMPLETED", "FAILED"]
"""`PENDING`, `JOBS_CREATED` and `PROCESSING` lead to `COMPLETED` (every item has ended, some maybe failed)
or `FAILED` (the batch as a whole failed).
"""
AssetType: TypeAlias = Literal["AUDIO", "VIDEO", "IMAGE"]
"""Kind of media."""
AssetInputType: TypeAlias = Literal["UPLOAD", "URL", "RECORD", "TTS", "EXTRACT", "PLATFORM_IMPORT"]
"""How an asset came into the library."""
AssetVisibility: TypeAlias = Literal["USER", "ORGANIZATION"]
"""Who sees an asset."""
AssetSort: TypeAlias = Literal[
    "nameAsc",
    "nameDesc",
    "dateAsc",
    "dateDesc",
    "durationAsc",
    "durationDesc",
    "sizeAsc",
    "sizeDesc",
    "kindAsc",
    "kindDesc",
]
"""Order of assets."""
ModelType: TypeAlias = Literal["lipsync", "react"]
"""Family of a model."""
WebhookStatus: TypeAlias = Literal["COMPLETED", "FAILED"]
"""How a generation ended. Be ready for `REJECTED` too."""
