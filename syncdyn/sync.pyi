"""The clients of the API, as type checkers and editors see them.

Made by `python -m syncdyn.stubs`; not to be edited.
"""

import builtins
import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Literal, TypeAlias

import httpx
from typing_extensions import Self

from syncdyn.client import AsyncClient, Client
from syncdyn.common import (
    Asset,
    AssetSort,
    AssetType,
    BatchLine,
    BatchResponse,
    BatchResultLine,
    BatchStatus,
    CreateBatchResponse,
    EstimatedGenerationCost,
    Generation,
    GenerationNotification,
    GenerationOptions,
    GenerationSegment,
    GenerationStatus,
    Input,
    Model,
    ModelInfo,
    PaginatedAssetsResponse,
)
from syncdyn.doors.resources import Resource
from syncdyn.downloading import DownloadProgress
from syncdyn.environment import SyncEnvironment
from syncdyn.model import Types
from syncdyn.options import RequestOptions
from syncdyn.response import RawResponse
from syncdyn.waiting import ProgressCallback

_FileInput: TypeAlias = (
    IO[bytes] | bytes | bytearray | os.PathLike[str] | tuple[str | None, Any] | tuple[str | None, Any, str | None]
)

class _GenerationsRaw(Resource):
    __getattr__: None  # type: ignore[misc, assignment]  # what is not declared is a mistake
    def create(
        self,
        *,
        model: Model,
        input: Sequence[Input | Mapping[str, Any]],
        idempotency_key: str | None = None,
        options: GenerationOptions | Mapping[str, Any] | None = None,
        segments: Sequence[GenerationSegment | Mapping[str, Any]] | None = None,
        webhook_url: str | None = None,
        output_file_name: str | None = None,
        project_id: str | None = None,
        request_options: RequestOptions | None = None,
    ) -> RawResponse[Generation]:
        """Create a generation."""

    def create_and_wait(
        self,
        *,
        model: Model,
        input: Sequence[Input | Mapping[str, Any]],
        idempotency_key: str | None = None,
        options: GenerationOptions | Mapping[str, Any] | None = None,
        segments: Sequence[GenerationSegment | Mapping[str, Any]] | None = None,
        webhook_url: str | None = None,
        output_file_name: str | None = None,
        project_id: str | None = None,
        interval: float | None = None,
        deadline: float | None = None,
        progress: ProgressCallback | None = None,
        request_options: RequestOptions | None = None,
    ) -> RawResponse[Generation]:
        """Create a generation, then wait until it is COMPLETED."""

    def create_with_files(
        self,
        *,
        model: Model,
        idempotency_key: str | None = None,
        video: _FileInput | None = None,
        audio: _FileInput | None = None,
        image: _FileInput | None = None,
        input: Sequence[Input | Mapping[str, Any]] | None = None,
        options: GenerationOptions | Mapping[str, Any] | None = None,
        segments: Sequence[GenerationSegment | Mapping[str, Any]] | None = None,
        webhook_url: str | None = None,
        output_file_name: str | None = None,
        request_options: RequestOptions | None = None,
    ) -> RawResponse[Generation]:
        """Create a generation."""

    def create_with_files_and_wait(
        self,
        *,
        model: Model,
        idempotency_key: str | None = None,
        video: _FileInput | None = None,
        audio: _FileInput | None = None,
        image: _FileInput | None = None,
        input: Sequence[Input | Mapping[str, Any]] | None = None,
        options: GenerationOptions | Mapping[str, Any] | None = None,
        segments: Sequence[GenerationSegment | Mapping[str, Any]] | None = None,
        webhook_url: str | None = None,
        output_file_name: str | None = None,
        interval: float | None = None,
        deadline: float | None = None,
        progress: ProgressCallback | None = None,
        request_options: RequestOptions | None = None,
    ) -> RawResponse[Generation]:
        """Create a generation, then wait until it is COMPLETED."""

    def estimate_cost(
        self,
        *,
        model: Model,
        input: Sequence[Input | Mapping[str, Any]],
        options: GenerationOptions | Mapping[str, Any] | None = None,
        segments: Sequence[GenerationSegment | Mapping[str, Any]] | None = None,
        webhook_url: str | None = None,
        output_file_name: str | None = None,
        project_id: str | None = None,
        request_options: RequestOptions | None = None,
    ) -> RawResponse[builtins.list[EstimatedGenerationCost]]:
        """Estimate the price of a generation."""

    def get(self, id: str, *, request_options: RequestOptions | None = None) -> RawResponse[Generation]:
        """Get a generation."""

    def list(
        self,
        *,
        status: GenerationStatus | Sequence[GenerationStatus] | None = None,
        ids: str | Sequence[str] | None = None,
        request_options: RequestOptions | None = None,
    ) -> RawResponse[builtins.list[Generation]]:
        """List generations."""

    def wait(
        self,
        id: str | Generation | Mapping[str, Any],
        *,
        interval: float | None = None,
        deadline: float | None = None,
        progress: ProgressCallback | None = None,
        request_options: RequestOptions | None = None,
    ) -> RawResponse[Generation]:
        """Wait until it is COMPLETED; raises JobFailedError or WaitTimeoutError."""

class _Generations(Resource):
    __getattr__: None  # type: ignore[misc, assignment]  # what is not declared is a mistake
    def create(
        self,
        *,
        model: Model,
        input: Sequence[Input | Mapping[str, Any]],
        idempotency_key: str | None = None,
        options: GenerationOptions | Mapping[str, Any] | None = None,
        segments: Sequence[GenerationSegment | Mapping[str, Any]] | None = None,
        webhook_url: str | None = None,
        output_file_name: str | None = None,
        project_id: str | None = None,
        request_options: RequestOptions | None = None,
    ) -> Generation:
        """Create a generation.

        model: Model to use.
        input: The media: one video (an image for `sync-3`) and at least one audio or text item. Several audio or
            text items need `segments` and a different `refId` each.
        idempotency_key: Makes a create request safe to repeat: same key and same body start one generation and
            one charge. 1 to 128 letters, digits, `.`, `_`, `~` or `-`; case matters; shared by the whole
            organization. Make the key before the first attempt and keep it for every retry.
        options: Fine tuning.
        segments: Parts of the video, each with its own speech. Ranges must not overlap.
        webhook_url: Public HTTPS address to call when the generation ends.
        output_file_name: Name of the result without extension, up to 255 letters, digits, `_` or `-`. `.mp4` is
            added.
        project_id: Project to file the generation under.
        request_options: Options of this call alone.
        """

    def create_and_wait(
        self,
        *,
        model: Model,
        input: Sequence[Input | Mapping[str, Any]],
        idempotency_key: str | None = None,
        options: GenerationOptions | Mapping[str, Any] | None = None,
        segments: Sequence[GenerationSegment | Mapping[str, Any]] | None = None,
        webhook_url: str | None = None,
        output_file_name: str | None = None,
        project_id: str | None = None,
        interval: float | None = None,
        deadline: float | None = None,
        progress: ProgressCallback | None = None,
        request_options: RequestOptions | None = None,
    ) -> Generation:
        """Create a generation, then wait until it is COMPLETED.

        model: Model to use.
        input: The media: one video (an image for `sync-3`) and at least one audio or text item. Several audio or
            text items need `segments` and a different `refId` each.
        idempotency_key: Makes a create request safe to repeat: same key and same body start one generation and
            one charge. 1 to 128 letters, digits, `.`, `_`, `~` or `-`; case matters; shared by the whole
            organization. Make the key before the first attempt and keep it for every retry.
        options: Fine tuning.
        segments: Parts of the video, each with its own speech. Ranges must not overlap.
        webhook_url: Public HTTPS address to call when the generation ends.
        output_file_name: Name of the result without extension, up to 255 letters, digits, `_` or `-`. `.mp4` is
            added.
        project_id: Project to file the generation under.
        interval: Seconds between polls; left out, they grow.
        deadline: Seconds for the whole wait.
        progress: Called after each poll.
        request_options: Options of this call alone.
        """

    def create_with_files(
        self,
        *,
        model: Model,
        idempotency_key: str | None = None,
        video: _FileInput | None = None,
        audio: _FileInput | None = None,
        image: _FileInput | None = None,
        input: Sequence[Input | Mapping[str, Any]] | None = None,
        options: GenerationOptions | Mapping[str, Any] | None = None,
        segments: Sequence[GenerationSegment | Mapping[str, Any]] | None = None,
        webhook_url: str | None = None,
        output_file_name: str | None = None,
        request_options: RequestOptions | None = None,
    ) -> Generation:
        """Create a generation.

        model: Model to use.
        idempotency_key: Makes a create request safe to repeat: same key and same body start one generation and
            one charge. 1 to 128 letters, digits, `.`, `_`, `~` or `-`; case matters; shared by the whole
            organization. Make the key before the first attempt and keep it for every retry.
        video: Video file, up to 20 MB. MP4 is best; MOV, WebM and AVI are accepted.
        audio: Audio file, up to 20 MB. WAV or MP3 is best; OGG, FLAC, ALAC and M4A are accepted.
        image: Image file (JPEG, PNG, WebP) instead of a video, up to 20 MB. `sync-3` only.
        input: Media given by URL, asset or text instead of a file. Sent as JSON text.
        options: Fine tuning. Sent as JSON text.
        segments: Parts of the video, each with its own speech. Sent as JSON text.
        webhook_url: Public HTTPS address to call when the generation ends.
        output_file_name: Name of the result without extension, up to 255 letters, digits, `_` or `-`. `.mp4` is
            added.
        request_options: Options of this call alone.
        """

    def create_with_files_and_wait(
        self,
        *,
        model: Model,
        idempotency_key: str | None = None,
        video: _FileInput | None = None,
        audio: _FileInput | None = None,
        image: _FileInput | None = None,
        input: Sequence[Input | Mapping[str, Any]] | None = None,
        options: GenerationOptions | Mapping[str, Any] | None = None,
        segments: Sequence[GenerationSegment | Mapping[str, Any]] | None = None,
        webhook_url: str | None = None,
        output_file_name: str | None = None,
        interval: float | None = None,
        deadline: float | None = None,
        progress: ProgressCallback | None = None,
        request_options: RequestOptions | None = None,
    ) -> Generation:
        """Create a generation, then wait until it is COMPLETED.

        model: Model to use.
        idempotency_key: Makes a create request safe to repeat: same key and same body start one generation and
            one charge. 1 to 128 letters, digits, `.`, `_`, `~` or `-`; case matters; shared by the whole
            organization. Make the key before the first attempt and keep it for every retry.
        video: Video file, up to 20 MB. MP4 is best; MOV, WebM and AVI are accepted.
        audio: Audio file, up to 20 MB. WAV or MP3 is best; OGG, FLAC, ALAC and M4A are accepted.
        image: Image file (JPEG, PNG, WebP) instead of a video, up to 20 MB. `sync-3` only.
        input: Media given by URL, asset or text instead of a file. Sent as JSON text.
        options: Fine tuning. Sent as JSON text.
        segments: Parts of the video, each with its own speech. Sent as JSON text.
        webhook_url: Public HTTPS address to call when the generation ends.
        output_file_name: Name of the result without extension, up to 255 letters, digits, `_` or `-`. `.mp4` is
            added.
        interval: Seconds between polls; left out, they grow.
        deadline: Seconds for the whole wait.
        progress: Called after each poll.
        request_options: Options of this call alone.
        """

    def estimate_cost(
        self,
        *,
        model: Model,
        input: Sequence[Input | Mapping[str, Any]],
        options: GenerationOptions | Mapping[str, Any] | None = None,
        segments: Sequence[GenerationSegment | Mapping[str, Any]] | None = None,
        webhook_url: str | None = None,
        output_file_name: str | None = None,
        project_id: str | None = None,
        request_options: RequestOptions | None = None,
    ) -> builtins.list[EstimatedGenerationCost]:
        """Estimate the price of a generation.

        model: Model to use.
        input: The media: one video (an image for `sync-3`) and at least one audio or text item. Several audio or
            text items need `segments` and a different `refId` each.
        options: Fine tuning.
        segments: Parts of the video, each with its own speech. Ranges must not overlap.
        webhook_url: Public HTTPS address to call when the generation ends.
        output_file_name: Name of the result without extension, up to 255 letters, digits, `_` or `-`. `.mp4` is
            added.
        project_id: Project to file the generation under.
        request_options: Options of this call alone.
        """

    def get(self, id: str, *, request_options: RequestOptions | None = None) -> Generation:
        """Get a generation.

        id: Id of the generation, as its create answer gave it.
        request_options: Options of this call alone.
        """

    def list(
        self,
        *,
        status: GenerationStatus | Sequence[GenerationStatus] | None = None,
        ids: str | Sequence[str] | None = None,
        request_options: RequestOptions | None = None,
    ) -> builtins.list[Generation]:
        """List generations.

        status: Only generations in one of these states. Several values are separated by commas.
        ids: Only generations with one of these ids. Several values are separated by commas.
        request_options: Options of this call alone.
        """

    def wait(
        self,
        id: str | Generation | Mapping[str, Any],
        *,
        interval: float | None = None,
        deadline: float | None = None,
        progress: ProgressCallback | None = None,
        request_options: RequestOptions | None = None,
    ) -> Generation:
        """Wait until it is COMPLETED; raises JobFailedError or WaitTimeoutError.

        id: The id, or a result that has it.
        interval: Seconds between polls; left out, they grow.
        deadline: Seconds for the whole wait.
        progress: Called after each poll.
        request_options: Options of this call alone.
        """

    @property
    def with_raw_response(self) -> _GenerationsRaw:
        """The same methods; each result comes with status, header fields and violations."""

class _AsyncGenerationsRaw(Resource):
    __getattr__: None  # type: ignore[misc, assignment]  # what is not declared is a mistake
    async def create(
        self,
        *,
        model: Model,
        input: Sequence[Input | Mapping[str, Any]],
        idempotency_key: str | None = None,
        options: GenerationOptions | Mapping[str, Any] | None = None,
        segments: Sequence[GenerationSegment | Mapping[str, Any]] | None = None,
        webhook_url: str | None = None,
        output_file_name: str | None = None,
        project_id: str | None = None,
        request_options: RequestOptions | None = None,
    ) -> RawResponse[Generation]:
        """Create a generation."""

    async def create_and_wait(
        self,
        *,
        model: Model,
        input: Sequence[Input | Mapping[str, Any]],
        idempotency_key: str | None = None,
        options: GenerationOptions | Mapping[str, Any] | None = None,
        segments: Sequence[GenerationSegment | Mapping[str, Any]] | None = None,
        webhook_url: str | None = None,
        output_file_name: str | None = None,
        project_id: str | None = None,
        interval: float | None = None,
        deadline: float | None = None,
        progress: ProgressCallback | None = None,
        request_options: RequestOptions | None = None,
    ) -> RawResponse[Generation]:
        """Create a generation, then wait until it is COMPLETED."""

    async def create_with_files(
        self,
        *,
        model: Model,
        idempotency_key: str | None = None,
        video: _FileInput | None = None,
        audio: _FileInput | None = None,
        image: _FileInput | None = None,
        input: Sequence[Input | Mapping[str, Any]] | None = None,
        options: GenerationOptions | Mapping[str, Any] | None = None,
        segments: Sequence[GenerationSegment | Mapping[str, Any]] | None = None,
        webhook_url: str | None = None,
        output_file_name: str | None = None,
        request_options: RequestOptions | None = None,
    ) -> RawResponse[Generation]:
        """Create a generation."""

    async def create_with_files_and_wait(
        self,
        *,
        model: Model,
        idempotency_key: str | None = None,
        video: _FileInput | None = None,
        audio: _FileInput | None = None,
        image: _FileInput | None = None,
        input: Sequence[Input | Mapping[str, Any]] | None = None,
        options: GenerationOptions | Mapping[str, Any] | None = None,
        segments: Sequence[GenerationSegment | Mapping[str, Any]] | None = None,
        webhook_url: str | None = None,
        output_file_name: str | None = None,
        interval: float | None = None,
        deadline: float | None = None,
        progress: ProgressCallback | None = None,
        request_options: RequestOptions | None = None,
    ) -> RawResponse[Generation]:
        """Create a generation, then wait until it is COMPLETED."""

    async def estimate_cost(
        self,
        *,
        model: Model,
        input: Sequence[Input | Mapping[str, Any]],
        options: GenerationOptions | Mapping[str, Any] | None = None,
        segments: Sequence[GenerationSegment | Mapping[str, Any]] | None = None,
        webhook_url: str | None = None,
        output_file_name: str | None = None,
        project_id: str | None = None,
        request_options: RequestOptions | None = None,
    ) -> RawResponse[builtins.list[EstimatedGenerationCost]]:
        """Estimate the price of a generation."""

    async def get(self, id: str, *, request_options: RequestOptions | None = None) -> RawResponse[Generation]:
        """Get a generation."""

    async def list(
        self,
        *,
        status: GenerationStatus | Sequence[GenerationStatus] | None = None,
        ids: str | Sequence[str] | None = None,
        request_options: RequestOptions | None = None,
    ) -> RawResponse[builtins.list[Generation]]:
        """List generations."""

    async def wait(
        self,
        id: str | Generation | Mapping[str, Any],
        *,
        interval: float | None = None,
        deadline: float | None = None,
        progress: ProgressCallback | None = None,
        request_options: RequestOptions | None = None,
    ) -> RawResponse[Generation]:
        """Wait until it is COMPLETED; raises JobFailedError or WaitTimeoutError."""

class _AsyncGenerations(Resource):
    __getattr__: None  # type: ignore[misc, assignment]  # what is not declared is a mistake
    async def create(
        self,
        *,
        model: Model,
        input: Sequence[Input | Mapping[str, Any]],
        idempotency_key: str | None = None,
        options: GenerationOptions | Mapping[str, Any] | None = None,
        segments: Sequence[GenerationSegment | Mapping[str, Any]] | None = None,
        webhook_url: str | None = None,
        output_file_name: str | None = None,
        project_id: str | None = None,
        request_options: RequestOptions | None = None,
    ) -> Generation:
        """Create a generation.

        model: Model to use.
        input: The media: one video (an image for `sync-3`) and at least one audio or text item. Several audio or
            text items need `segments` and a different `refId` each.
        idempotency_key: Makes a create request safe to repeat: same key and same body start one generation and
            one charge. 1 to 128 letters, digits, `.`, `_`, `~` or `-`; case matters; shared by the whole
            organization. Make the key before the first attempt and keep it for every retry.
        options: Fine tuning.
        segments: Parts of the video, each with its own speech. Ranges must not overlap.
        webhook_url: Public HTTPS address to call when the generation ends.
        output_file_name: Name of the result without extension, up to 255 letters, digits, `_` or `-`. `.mp4` is
            added.
        project_id: Project to file the generation under.
        request_options: Options of this call alone.
        """

    async def create_and_wait(
        self,
        *,
        model: Model,
        input: Sequence[Input | Mapping[str, Any]],
        idempotency_key: str | None = None,
        options: GenerationOptions | Mapping[str, Any] | None = None,
        segments: Sequence[GenerationSegment | Mapping[str, Any]] | None = None,
        webhook_url: str | None = None,
        output_file_name: str | None = None,
        project_id: str | None = None,
        interval: float | None = None,
        deadline: float | None = None,
        progress: ProgressCallback | None = None,
        request_options: RequestOptions | None = None,
    ) -> Generation:
        """Create a generation, then wait until it is COMPLETED.

        model: Model to use.
        input: The media: one video (an image for `sync-3`) and at least one audio or text item. Several audio or
            text items need `segments` and a different `refId` each.
        idempotency_key: Makes a create request safe to repeat: same key and same body start one generation and
            one charge. 1 to 128 letters, digits, `.`, `_`, `~` or `-`; case matters; shared by the whole
            organization. Make the key before the first attempt and keep it for every retry.
        options: Fine tuning.
        segments: Parts of the video, each with its own speech. Ranges must not overlap.
        webhook_url: Public HTTPS address to call when the generation ends.
        output_file_name: Name of the result without extension, up to 255 letters, digits, `_` or `-`. `.mp4` is
            added.
        project_id: Project to file the generation under.
        interval: Seconds between polls; left out, they grow.
        deadline: Seconds for the whole wait.
        progress: Called after each poll.
        request_options: Options of this call alone.
        """

    async def create_with_files(
        self,
        *,
        model: Model,
        idempotency_key: str | None = None,
        video: _FileInput | None = None,
        audio: _FileInput | None = None,
        image: _FileInput | None = None,
        input: Sequence[Input | Mapping[str, Any]] | None = None,
        options: GenerationOptions | Mapping[str, Any] | None = None,
        segments: Sequence[GenerationSegment | Mapping[str, Any]] | None = None,
        webhook_url: str | None = None,
        output_file_name: str | None = None,
        request_options: RequestOptions | None = None,
    ) -> Generation:
        """Create a generation.

        model: Model to use.
        idempotency_key: Makes a create request safe to repeat: same key and same body start one generation and
            one charge. 1 to 128 letters, digits, `.`, `_`, `~` or `-`; case matters; shared by the whole
            organization. Make the key before the first attempt and keep it for every retry.
        video: Video file, up to 20 MB. MP4 is best; MOV, WebM and AVI are accepted.
        audio: Audio file, up to 20 MB. WAV or MP3 is best; OGG, FLAC, ALAC and M4A are accepted.
        image: Image file (JPEG, PNG, WebP) instead of a video, up to 20 MB. `sync-3` only.
        input: Media given by URL, asset or text instead of a file. Sent as JSON text.
        options: Fine tuning. Sent as JSON text.
        segments: Parts of the video, each with its own speech. Sent as JSON text.
        webhook_url: Public HTTPS address to call when the generation ends.
        output_file_name: Name of the result without extension, up to 255 letters, digits, `_` or `-`. `.mp4` is
            added.
        request_options: Options of this call alone.
        """

    async def create_with_files_and_wait(
        self,
        *,
        model: Model,
        idempotency_key: str | None = None,
        video: _FileInput | None = None,
        audio: _FileInput | None = None,
        image: _FileInput | None = None,
        input: Sequence[Input | Mapping[str, Any]] | None = None,
        options: GenerationOptions | Mapping[str, Any] | None = None,
        segments: Sequence[GenerationSegment | Mapping[str, Any]] | None = None,
        webhook_url: str | None = None,
        output_file_name: str | None = None,
        interval: float | None = None,
        deadline: float | None = None,
        progress: ProgressCallback | None = None,
        request_options: RequestOptions | None = None,
    ) -> Generation:
        """Create a generation, then wait until it is COMPLETED.

        model: Model to use.
        idempotency_key: Makes a create request safe to repeat: same key and same body start one generation and
            one charge. 1 to 128 letters, digits, `.`, `_`, `~` or `-`; case matters; shared by the whole
            organization. Make the key before the first attempt and keep it for every retry.
        video: Video file, up to 20 MB. MP4 is best; MOV, WebM and AVI are accepted.
        audio: Audio file, up to 20 MB. WAV or MP3 is best; OGG, FLAC, ALAC and M4A are accepted.
        image: Image file (JPEG, PNG, WebP) instead of a video, up to 20 MB. `sync-3` only.
        input: Media given by URL, asset or text instead of a file. Sent as JSON text.
        options: Fine tuning. Sent as JSON text.
        segments: Parts of the video, each with its own speech. Sent as JSON text.
        webhook_url: Public HTTPS address to call when the generation ends.
        output_file_name: Name of the result without extension, up to 255 letters, digits, `_` or `-`. `.mp4` is
            added.
        interval: Seconds between polls; left out, they grow.
        deadline: Seconds for the whole wait.
        progress: Called after each poll.
        request_options: Options of this call alone.
        """

    async def estimate_cost(
        self,
        *,
        model: Model,
        input: Sequence[Input | Mapping[str, Any]],
        options: GenerationOptions | Mapping[str, Any] | None = None,
        segments: Sequence[GenerationSegment | Mapping[str, Any]] | None = None,
        webhook_url: str | None = None,
        output_file_name: str | None = None,
        project_id: str | None = None,
        request_options: RequestOptions | None = None,
    ) -> builtins.list[EstimatedGenerationCost]:
        """Estimate the price of a generation.

        model: Model to use.
        input: The media: one video (an image for `sync-3`) and at least one audio or text item. Several audio or
            text items need `segments` and a different `refId` each.
        options: Fine tuning.
        segments: Parts of the video, each with its own speech. Ranges must not overlap.
        webhook_url: Public HTTPS address to call when the generation ends.
        output_file_name: Name of the result without extension, up to 255 letters, digits, `_` or `-`. `.mp4` is
            added.
        project_id: Project to file the generation under.
        request_options: Options of this call alone.
        """

    async def get(self, id: str, *, request_options: RequestOptions | None = None) -> Generation:
        """Get a generation.

        id: Id of the generation, as its create answer gave it.
        request_options: Options of this call alone.
        """

    async def list(
        self,
        *,
        status: GenerationStatus | Sequence[GenerationStatus] | None = None,
        ids: str | Sequence[str] | None = None,
        request_options: RequestOptions | None = None,
    ) -> builtins.list[Generation]:
        """List generations.

        status: Only generations in one of these states. Several values are separated by commas.
        ids: Only generations with one of these ids. Several values are separated by commas.
        request_options: Options of this call alone.
        """

    async def wait(
        self,
        id: str | Generation | Mapping[str, Any],
        *,
        interval: float | None = None,
        deadline: float | None = None,
        progress: ProgressCallback | None = None,
        request_options: RequestOptions | None = None,
    ) -> Generation:
        """Wait until it is COMPLETED; raises JobFailedError or WaitTimeoutError.

        id: The id, or a result that has it.
        interval: Seconds between polls; left out, they grow.
        deadline: Seconds for the whole wait.
        progress: Called after each poll.
        request_options: Options of this call alone.
        """

    @property
    def with_raw_response(self) -> _AsyncGenerationsRaw:
        """The same methods; each result comes with status, header fields and violations."""

class _BatchRaw(Resource):
    __getattr__: None  # type: ignore[misc, assignment]  # what is not declared is a mistake
    def create(
        self,
        *,
        input: _FileInput | builtins.list[BatchLine] | builtins.list[dict[str, Any]],
        webhook_url: str | None = None,
        dry_run: bool | None = None,
        request_options: RequestOptions | None = None,
    ) -> RawResponse[CreateBatchResponse]:
        """Create a batch."""

    def create_and_wait(
        self,
        *,
        input: _FileInput | builtins.list[BatchLine] | builtins.list[dict[str, Any]],
        webhook_url: str | None = None,
        dry_run: bool | None = None,
        interval: float | None = None,
        deadline: float | None = None,
        progress: ProgressCallback | None = None,
        request_options: RequestOptions | None = None,
    ) -> RawResponse[BatchResponse]:
        """Create a batch, then wait until it is COMPLETED."""

    def get(self, id: str, *, request_options: RequestOptions | None = None) -> RawResponse[BatchResponse]:
        """Get a batch."""

    def list(
        self,
        *,
        status: BatchStatus | None = None,
        created_after: datetime | str | None = None,
        created_before: datetime | str | None = None,
        request_options: RequestOptions | None = None,
    ) -> RawResponse[builtins.list[BatchResponse]]:
        """List batches."""

    def results(
        self,
        source: str | BatchResponse,
        *,
        request_options: RequestOptions | None = None,
    ) -> Iterator[BatchResultLine]:
        """Every record of the output, read as it comes."""

    def wait(
        self,
        id: str | BatchResponse | CreateBatchResponse | Mapping[str, Any],
        *,
        interval: float | None = None,
        deadline: float | None = None,
        progress: ProgressCallback | None = None,
        request_options: RequestOptions | None = None,
    ) -> RawResponse[BatchResponse]:
        """Wait until it is COMPLETED; raises JobFailedError or WaitTimeoutError."""

class _Batch(Resource):
    __getattr__: None  # type: ignore[misc, assignment]  # what is not declared is a mistake
    def create(
        self,
        *,
        input: _FileInput | builtins.list[BatchLine] | builtins.list[dict[str, Any]],
        webhook_url: str | None = None,
        dry_run: bool | None = None,
        request_options: RequestOptions | None = None,
    ) -> CreateBatchResponse:
        """Create a batch.

        input: JSON Lines file, one `BatchLine` per line, up to 5 MB and 1000 lines.
        webhook_url: Public HTTPS address to call when the batch ends.
        dry_run: Only check the file; create nothing.
        request_options: Options of this call alone.
        """

    def create_and_wait(
        self,
        *,
        input: _FileInput | builtins.list[BatchLine] | builtins.list[dict[str, Any]],
        webhook_url: str | None = None,
        dry_run: bool | None = None,
        interval: float | None = None,
        deadline: float | None = None,
        progress: ProgressCallback | None = None,
        request_options: RequestOptions | None = None,
    ) -> BatchResponse:
        """Create a batch, then wait until it is COMPLETED.

        input: JSON Lines file, one `BatchLine` per line, up to 5 MB and 1000 lines.
        webhook_url: Public HTTPS address to call when the batch ends.
        dry_run: Only check the file; create nothing.
        interval: Seconds between polls; left out, they grow.
        deadline: Seconds for the whole wait.
        progress: Called after each poll.
        request_options: Options of this call alone.
        """

    def get(self, id: str, *, request_options: RequestOptions | None = None) -> BatchResponse:
        """Get a batch.

        id: Id of the batch, as its create answer gave it.
        request_options: Options of this call alone.
        """

    def list(
        self,
        *,
        status: BatchStatus | None = None,
        created_after: datetime | str | None = None,
        created_before: datetime | str | None = None,
        request_options: RequestOptions | None = None,
    ) -> builtins.list[BatchResponse]:
        """List batches.

        status: Only batches in this state. One value.
        created_after: Only batches created after this moment, with time zone.
        created_before: Only batches created before this moment, with time zone.
        request_options: Options of this call alone.
        """

    def results(
        self,
        source: str | BatchResponse,
        *,
        request_options: RequestOptions | None = None,
    ) -> Iterator[BatchResultLine]:
        """Every record of the output, read as it comes.

        source: The id, a result, or the URL of the output.
        request_options: Options of this call alone.
        """

    def wait(
        self,
        id: str | BatchResponse | CreateBatchResponse | Mapping[str, Any],
        *,
        interval: float | None = None,
        deadline: float | None = None,
        progress: ProgressCallback | None = None,
        request_options: RequestOptions | None = None,
    ) -> BatchResponse:
        """Wait until it is COMPLETED; raises JobFailedError or WaitTimeoutError.

        id: The id, or a result that has it.
        interval: Seconds between polls; left out, they grow.
        deadline: Seconds for the whole wait.
        progress: Called after each poll.
        request_options: Options of this call alone.
        """

    @property
    def with_raw_response(self) -> _BatchRaw:
        """The same methods; each result comes with status, header fields and violations."""

class _AsyncBatchRaw(Resource):
    __getattr__: None  # type: ignore[misc, assignment]  # what is not declared is a mistake
    async def create(
        self,
        *,
        input: _FileInput | builtins.list[BatchLine] | builtins.list[dict[str, Any]],
        webhook_url: str | None = None,
        dry_run: bool | None = None,
        request_options: RequestOptions | None = None,
    ) -> RawResponse[CreateBatchResponse]:
        """Create a batch."""

    async def create_and_wait(
        self,
        *,
        input: _FileInput | builtins.list[BatchLine] | builtins.list[dict[str, Any]],
        webhook_url: str | None = None,
        dry_run: bool | None = None,
        interval: float | None = None,
        deadline: float | None = None,
        progress: ProgressCallback | None = None,
        request_options: RequestOptions | None = None,
    ) -> RawResponse[BatchResponse]:
        """Create a batch, then wait until it is COMPLETED."""

    async def get(self, id: str, *, request_options: RequestOptions | None = None) -> RawResponse[BatchResponse]:
        """Get a batch."""

    async def list(
        self,
        *,
        status: BatchStatus | None = None,
        created_after: datetime | str | None = None,
        created_before: datetime | str | None = None,
        request_options: RequestOptions | None = None,
    ) -> RawResponse[builtins.list[BatchResponse]]:
        """List batches."""

    def results(
        self,
        source: str | BatchResponse,
        *,
        request_options: RequestOptions | None = None,
    ) -> AsyncIterator[BatchResultLine]:
        """Every record of the output, read as it comes."""

    async def wait(
        self,
        id: str | BatchResponse | CreateBatchResponse | Mapping[str, Any],
        *,
        interval: float | None = None,
        deadline: float | None = None,
        progress: ProgressCallback | None = None,
        request_options: RequestOptions | None = None,
    ) -> RawResponse[BatchResponse]:
        """Wait until it is COMPLETED; raises JobFailedError or WaitTimeoutError."""

class _AsyncBatch(Resource):
    __getattr__: None  # type: ignore[misc, assignment]  # what is not declared is a mistake
    async def create(
        self,
        *,
        input: _FileInput | builtins.list[BatchLine] | builtins.list[dict[str, Any]],
        webhook_url: str | None = None,
        dry_run: bool | None = None,
        request_options: RequestOptions | None = None,
    ) -> CreateBatchResponse:
        """Create a batch.

        input: JSON Lines file, one `BatchLine` per line, up to 5 MB and 1000 lines.
        webhook_url: Public HTTPS address to call when the batch ends.
        dry_run: Only check the file; create nothing.
        request_options: Options of this call alone.
        """

    async def create_and_wait(
        self,
        *,
        input: _FileInput | builtins.list[BatchLine] | builtins.list[dict[str, Any]],
        webhook_url: str | None = None,
        dry_run: bool | None = None,
        interval: float | None = None,
        deadline: float | None = None,
        progress: ProgressCallback | None = None,
        request_options: RequestOptions | None = None,
    ) -> BatchResponse:
        """Create a batch, then wait until it is COMPLETED.

        input: JSON Lines file, one `BatchLine` per line, up to 5 MB and 1000 lines.
        webhook_url: Public HTTPS address to call when the batch ends.
        dry_run: Only check the file; create nothing.
        interval: Seconds between polls; left out, they grow.
        deadline: Seconds for the whole wait.
        progress: Called after each poll.
        request_options: Options of this call alone.
        """

    async def get(self, id: str, *, request_options: RequestOptions | None = None) -> BatchResponse:
        """Get a batch.

        id: Id of the batch, as its create answer gave it.
        request_options: Options of this call alone.
        """

    async def list(
        self,
        *,
        status: BatchStatus | None = None,
        created_after: datetime | str | None = None,
        created_before: datetime | str | None = None,
        request_options: RequestOptions | None = None,
    ) -> builtins.list[BatchResponse]:
        """List batches.

        status: Only batches in this state. One value.
        created_after: Only batches created after this moment, with time zone.
        created_before: Only batches created before this moment, with time zone.
        request_options: Options of this call alone.
        """

    def results(
        self,
        source: str | BatchResponse,
        *,
        request_options: RequestOptions | None = None,
    ) -> AsyncIterator[BatchResultLine]:
        """Every record of the output, read as it comes.

        source: The id, a result, or the URL of the output.
        request_options: Options of this call alone.
        """

    async def wait(
        self,
        id: str | BatchResponse | CreateBatchResponse | Mapping[str, Any],
        *,
        interval: float | None = None,
        deadline: float | None = None,
        progress: ProgressCallback | None = None,
        request_options: RequestOptions | None = None,
    ) -> BatchResponse:
        """Wait until it is COMPLETED; raises JobFailedError or WaitTimeoutError.

        id: The id, or a result that has it.
        interval: Seconds between polls; left out, they grow.
        deadline: Seconds for the whole wait.
        progress: Called after each poll.
        request_options: Options of this call alone.
        """

    @property
    def with_raw_response(self) -> _AsyncBatchRaw:
        """The same methods; each result comes with status, header fields and violations."""

class _AssetsRaw(Resource):
    __getattr__: None  # type: ignore[misc, assignment]  # what is not declared is a mistake
    def get(self, id: str, *, request_options: RequestOptions | None = None) -> RawResponse[Asset]:
        """Get an asset."""

    def iterate(
        self,
        *,
        project_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        search_query: str | None = None,
        sort_by: AssetSort | None = None,
        types: AssetType | Sequence[AssetType] | None = None,
        max_items: int | None = None,
        request_options: RequestOptions | None = None,
    ) -> Iterator[Asset]:
        """Every item of every page: List assets."""

    def list(
        self,
        *,
        project_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        search_query: str | None = None,
        sort_by: AssetSort | None = None,
        types: AssetType | Sequence[AssetType] | None = None,
        request_options: RequestOptions | None = None,
    ) -> RawResponse[PaginatedAssetsResponse]:
        """List assets."""

class _Assets(Resource):
    __getattr__: None  # type: ignore[misc, assignment]  # what is not declared is a mistake
    def get(self, id: str, *, request_options: RequestOptions | None = None) -> Asset:
        """Get an asset.

        id: Id of the asset in the media library.
        request_options: Options of this call alone.
        """

    def iterate(
        self,
        *,
        project_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        search_query: str | None = None,
        sort_by: AssetSort | None = None,
        types: AssetType | Sequence[AssetType] | None = None,
        max_items: int | None = None,
        request_options: RequestOptions | None = None,
    ) -> Iterator[Asset]:
        """Every item of every page: List assets.

        project_id: Only assets of this project.
        limit: Largest number of assets on the page, 1 to 100.
        cursor: Where the page starts; `nextCursor` of the page before. Left out for the first page.
        search_query: Only assets whose name contains this text.
        sort_by: Order of the assets.
        types: Only assets of these kinds. Several values are separated by commas.
        max_items: Most items to give; left out, all.
        request_options: Options of this call alone.
        """

    def list(
        self,
        *,
        project_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        search_query: str | None = None,
        sort_by: AssetSort | None = None,
        types: AssetType | Sequence[AssetType] | None = None,
        request_options: RequestOptions | None = None,
    ) -> PaginatedAssetsResponse:
        """List assets.

        project_id: Only assets of this project.
        limit: Largest number of assets on the page, 1 to 100.
        cursor: Where the page starts; `nextCursor` of the page before. Left out for the first page.
        search_query: Only assets whose name contains this text.
        sort_by: Order of the assets.
        types: Only assets of these kinds. Several values are separated by commas.
        request_options: Options of this call alone.
        """

    @property
    def with_raw_response(self) -> _AssetsRaw:
        """The same methods; each result comes with status, header fields and violations."""

class _AsyncAssetsRaw(Resource):
    __getattr__: None  # type: ignore[misc, assignment]  # what is not declared is a mistake
    async def get(self, id: str, *, request_options: RequestOptions | None = None) -> RawResponse[Asset]:
        """Get an asset."""

    def iterate(
        self,
        *,
        project_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        search_query: str | None = None,
        sort_by: AssetSort | None = None,
        types: AssetType | Sequence[AssetType] | None = None,
        max_items: int | None = None,
        request_options: RequestOptions | None = None,
    ) -> AsyncIterator[Asset]:
        """Every item of every page: List assets."""

    async def list(
        self,
        *,
        project_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        search_query: str | None = None,
        sort_by: AssetSort | None = None,
        types: AssetType | Sequence[AssetType] | None = None,
        request_options: RequestOptions | None = None,
    ) -> RawResponse[PaginatedAssetsResponse]:
        """List assets."""

class _AsyncAssets(Resource):
    __getattr__: None  # type: ignore[misc, assignment]  # what is not declared is a mistake
    async def get(self, id: str, *, request_options: RequestOptions | None = None) -> Asset:
        """Get an asset.

        id: Id of the asset in the media library.
        request_options: Options of this call alone.
        """

    def iterate(
        self,
        *,
        project_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        search_query: str | None = None,
        sort_by: AssetSort | None = None,
        types: AssetType | Sequence[AssetType] | None = None,
        max_items: int | None = None,
        request_options: RequestOptions | None = None,
    ) -> AsyncIterator[Asset]:
        """Every item of every page: List assets.

        project_id: Only assets of this project.
        limit: Largest number of assets on the page, 1 to 100.
        cursor: Where the page starts; `nextCursor` of the page before. Left out for the first page.
        search_query: Only assets whose name contains this text.
        sort_by: Order of the assets.
        types: Only assets of these kinds. Several values are separated by commas.
        max_items: Most items to give; left out, all.
        request_options: Options of this call alone.
        """

    async def list(
        self,
        *,
        project_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        search_query: str | None = None,
        sort_by: AssetSort | None = None,
        types: AssetType | Sequence[AssetType] | None = None,
        request_options: RequestOptions | None = None,
    ) -> PaginatedAssetsResponse:
        """List assets.

        project_id: Only assets of this project.
        limit: Largest number of assets on the page, 1 to 100.
        cursor: Where the page starts; `nextCursor` of the page before. Left out for the first page.
        search_query: Only assets whose name contains this text.
        sort_by: Order of the assets.
        types: Only assets of these kinds. Several values are separated by commas.
        request_options: Options of this call alone.
        """

    @property
    def with_raw_response(self) -> _AsyncAssetsRaw:
        """The same methods; each result comes with status, header fields and violations."""

class _ModelsRaw(Resource):
    __getattr__: None  # type: ignore[misc, assignment]  # what is not declared is a mistake
    def list(self, *, request_options: RequestOptions | None = None) -> RawResponse[builtins.list[ModelInfo]]:
        """List models."""

class _Models(Resource):
    __getattr__: None  # type: ignore[misc, assignment]  # what is not declared is a mistake
    def list(self, *, request_options: RequestOptions | None = None) -> builtins.list[ModelInfo]:
        """List models.

        request_options: Options of this call alone.
        """

    @property
    def with_raw_response(self) -> _ModelsRaw:
        """The same methods; each result comes with status, header fields and violations."""

class _AsyncModelsRaw(Resource):
    __getattr__: None  # type: ignore[misc, assignment]  # what is not declared is a mistake
    async def list(self, *, request_options: RequestOptions | None = None) -> RawResponse[builtins.list[ModelInfo]]:
        """List models."""

class _AsyncModels(Resource):
    __getattr__: None  # type: ignore[misc, assignment]  # what is not declared is a mistake
    async def list(self, *, request_options: RequestOptions | None = None) -> builtins.list[ModelInfo]:
        """List models.

        request_options: Options of this call alone.
        """

    @property
    def with_raw_response(self) -> _AsyncModelsRaw:
        """The same methods; each result comes with status, header fields and violations."""

class Sync(Client):
    """The API, blocking."""

    __getattr__: None  # type: ignore[misc, assignment]  # what is not declared is a mistake
    def __init__(
        self,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        environment: SyncEnvironment | None = None,
        timeout: float | httpx.Timeout | None = None,
        max_retries: int = 2,
        follow_redirects: bool | None = True,
        httpx_client: httpx.Client | None = None,
        deadline: float | None = None,
        validate: Literal["strict", "warn", "off"] | Mapping[str, str] | None = None,
        validator: Literal["own", "openapi-core"] = "own",
        transport: Any = None,
        random: Callable[[], float] | None = None,
    ) -> None:
        """A blocking client.

        api_key: The API key; left out, the environment variable's.
        base_url: In place of the servers of the document.
        environment: One of the servers, by name.
        timeout: Seconds for each wait for the network, or an httpx.Timeout; left out, 60.
        max_retries: More tries after a failed one.
        follow_redirects: Whether a GET goes on to where it is sent.
        httpx_client: A client of your own; it stays open.
        deadline: Seconds for a whole call with all its tries.
        validate: How broken promises are met; a mapping has `request` and `response`.
        validator: Who checks.
        transport: In place of the HTTP library; for tests.
        random: 0 to 1, for the jitter of retries.
        """

    @property
    def generations(self) -> _Generations: ...
    @property
    def batch(self) -> _Batch: ...
    @property
    def assets(self) -> _Assets: ...
    @property
    def models(self) -> _Models: ...
    def download(
        self,
        source: str | Generation | BatchResponse,
        path: str | os.PathLike[str] | None = None,
        *,
        overwrite: bool = False,
        progress: DownloadProgress | None = None,
        chunk_size: int | None = None,
    ) -> Path:
        """Download to a file, and give its path.

        source: A result that offers a download, or a URL.
        path: File or folder; left out, the service's name.
        overwrite: Whether a file that is there may be replaced.
        progress: Called with the bytes so far and in all.
        chunk_size: Bytes to read at a time.
        """

    def verify_webhook(
        self,
        raw_body: bytes,
        headers: Mapping[str, str],
        secret: str | Sequence[str],
        *,
        tolerance_seconds: float | None = None,
        now: float | None = None,
    ) -> GenerationNotification | BatchResponse:
        """The typed event of a genuine webhook; raises WebhookVerificationError for any other.

        raw_body: The body as it arrived, byte for byte.
        headers: The header fields that came with it.
        secret: The secret, or several while they change.
        tolerance_seconds: How old it may be.
        now: Seconds since 1970; left out, the clock's.
        """

    def close(self) -> None:
        """Close the connections."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...

class AsyncSync(AsyncClient):
    """The API, awaited."""

    __getattr__: None  # type: ignore[misc, assignment]  # what is not declared is a mistake
    def __init__(
        self,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        environment: SyncEnvironment | None = None,
        timeout: float | httpx.Timeout | None = None,
        max_retries: int = 2,
        follow_redirects: bool | None = True,
        httpx_client: httpx.AsyncClient | None = None,
        deadline: float | None = None,
        validate: Literal["strict", "warn", "off"] | Mapping[str, str] | None = None,
        validator: Literal["own", "openapi-core"] = "own",
        transport: Any = None,
        random: Callable[[], float] | None = None,
    ) -> None:
        """An awaited client.

        api_key: The API key; left out, the environment variable's.
        base_url: In place of the servers of the document.
        environment: One of the servers, by name.
        timeout: Seconds for each wait for the network, or an httpx.Timeout; left out, 60.
        max_retries: More tries after a failed one.
        follow_redirects: Whether a GET goes on to where it is sent.
        httpx_client: A client of your own; it stays open.
        deadline: Seconds for a whole call with all its tries.
        validate: How broken promises are met; a mapping has `request` and `response`.
        validator: Who checks.
        transport: In place of the HTTP library; for tests.
        random: 0 to 1, for the jitter of retries.
        """

    @property
    def generations(self) -> _AsyncGenerations: ...
    @property
    def batch(self) -> _AsyncBatch: ...
    @property
    def assets(self) -> _AsyncAssets: ...
    @property
    def models(self) -> _AsyncModels: ...
    async def download(
        self,
        source: str | Generation | BatchResponse,
        path: str | os.PathLike[str] | None = None,
        *,
        overwrite: bool = False,
        progress: DownloadProgress | None = None,
        chunk_size: int | None = None,
    ) -> Path:
        """Download to a file, and give its path.

        source: A result that offers a download, or a URL.
        path: File or folder; left out, the service's name.
        overwrite: Whether a file that is there may be replaced.
        progress: Called with the bytes so far and in all.
        chunk_size: Bytes to read at a time.
        """

    def verify_webhook(
        self,
        raw_body: bytes,
        headers: Mapping[str, str],
        secret: str | Sequence[str],
        *,
        tolerance_seconds: float | None = None,
        now: float | None = None,
    ) -> GenerationNotification | BatchResponse:
        """The typed event of a genuine webhook; raises WebhookVerificationError for any other.

        raw_body: The body as it arrived, byte for byte.
        headers: The header fields that came with it.
        secret: The secret, or several while they change.
        tolerance_seconds: How old it may be.
        now: Seconds since 1970; left out, the clock's.
        """

    async def aclose(self) -> None:
        """Close the connections."""

    async def close(self) -> None:
        """Close the connections."""

    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *_: object) -> None: ...

def verify_webhook(
    raw_body: bytes,
    headers: Mapping[str, str],
    secret: str | Sequence[str],
    *,
    tolerance_seconds: float | None = None,
    now: float | None = None,
) -> GenerationNotification | BatchResponse:
    """The typed event of a genuine webhook; raises WebhookVerificationError for any other.

    raw_body: The body as it arrived, byte for byte.
    headers: The header fields that came with it.
    secret: The secret, or several while they change.
    tolerance_seconds: How old it may be.
    now: Seconds since 1970; left out, the clock's.
    """

def sign_webhook(raw_body: bytes, secret: str, *, timestamp: int | None = None) -> dict[str, str]:
    """The header fields that sign a body.

    raw_body: The body, byte for byte.
    secret: The secret of the receiver.
    timestamp: Seconds since 1970; left out, the clock's.
    """

def bundled_types() -> Types:
    """The classes of the bundled document."""

def environments() -> Any:
    """The enum of the environments."""
