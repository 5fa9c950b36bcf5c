"""Fakes SageMaker in memory for the tests of CleanUp: paginated lists, tags, deletions, and old models to clean up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.lambdas.fakes import ARN, Refused, SageMaker

START = datetime(2026, 11, 1, tzinfo=UTC)
PAGE = 3
"""The maximum page size, whatever MaxResults is: AWS may also return fewer items."""


class Catalogue(SageMaker):
    """Names, creation dates and tags; ListModels and ListEndpointConfigs return them in small pages."""

    def model(self, name: str, hour: int, run: str | None = None) -> None:
        """Adds a model that the run created in that hour."""
        self.models[name] = self._entry("Model", "model", name, hour, run)

    def config(self, name: str, hour: int, *models: str, run: str | None = None) -> None:
        """Adds an endpoint config with these models."""
        variants = [{"VariantName": f"V{number}", "ModelName": model} for number, model in enumerate(models)]
        self.configs[name] = self._entry("EndpointConfig", "endpoint-config", name, hour, run) | {
            "ProductionVariants": variants
        }

    def endpoint(self, name: str, config: str, towards: str | None = None) -> None:
        pending = {"PendingDeploymentSummary": {"EndpointConfigName": towards}} if towards else {}
        self.endpoints[name] = {
            "EndpointName": name,
            "EndpointConfigName": config,
            "EndpointStatus": "Updating" if towards else "InService",
            **pending,
        }

    def ListModels(self, **request: Any) -> dict[str, Any]:
        return self._page("Model", self.models, request)

    def ListEndpointConfigs(self, **request: Any) -> dict[str, Any]:
        return self._page("EndpointConfig", self.configs, request)

    def ListTags(self, ResourceArn: str) -> dict[str, Any]:
        kept = self.models if ":model/" in ResourceArn else self.configs
        return {"Tags": kept[ResourceArn.rpartition("/")[2]]["Tags"]}

    def DeleteModel(self, ModelName: str) -> dict[str, Any]:
        self._find(self.models, ModelName, "model")
        del self.models[ModelName]
        return {}

    def DeleteEndpointConfig(self, EndpointConfigName: str) -> dict[str, Any]:
        self._find(self.configs, EndpointConfigName, "endpoint configuration")
        del self.configs[EndpointConfigName]
        return {}

    def _entry(self, kind: str, folder: str, name: str, hour: int, run: str | None) -> dict[str, Any]:
        return {
            f"{kind}Name": name,
            f"{kind}Arn": f"{ARN}:{folder}/{name}",
            "CreationTime": (START + timedelta(hours=hour)).timestamp(),
            "Tags": [{"Key": "team", "Value": "homes"}] + ([{"Key": "refit:run", "Value": run}] if run else []),
        }

    def _page(self, kind: str, kept: dict[str, dict[str, Any]], request: dict[str, Any]) -> dict[str, Any]:
        if (request["SortBy"], request["SortOrder"]) != ("CreationTime", "Descending"):
            raise Refused("this fake supports only the order newest first")
        found = [item for name, item in kept.items() if request["NameContains"] in name]
        found.sort(key=lambda item: item["CreationTime"], reverse=True)
        start = int(request.get("NextToken", 0))
        shown = ("Name", "Arn")
        summaries = [
            {f"{kind}{part}": item[f"{kind}{part}"] for part in shown} | {"CreationTime": item["CreationTime"]}
            for item in found[start : start + PAGE]
        ]
        more = {"NextToken": str(start + PAGE)} if start + PAGE < len(found) else {}
        return {f"{kind}s": summaries, **more}
