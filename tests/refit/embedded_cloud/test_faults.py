"""Scripted faults: set, read, counted and rejected."""

from __future__ import annotations

import pytest

from refit.embedded_cloud import faults, lifecycle
from refit.errors import CloudError


class TestFaults:
    def test_are_set_read_and_cleared_while_the_cloud_runs(self, cloud):
        faults.set(cloud, {"training": "fail", "throttle": {"CreateModel": 2}, "slack": {"down": 1}})
        expected = {"training": {"fail": None}, "throttle": {"CreateModel": 2}, "slack": {"down": 1}}
        assert cloud.request("GET", faults.PATH)["faults"] == expected
        faults.clear(cloud)
        assert cloud.request("GET", faults.PATH)["faults"] == {}

    def test_may_be_given_at_the_start(self, state_dir):
        cloud = lifecycle.start(state_dir, 0, extra_env={faults.VARIABLE: '{"endpoint": "hang"}'})
        assert cloud.request("GET", faults.PATH)["faults"] == {"endpoint": {"hang": None}}

    @pytest.mark.parametrize("script", [{"traning": "fail"}, {"training": "explode"}, {"throttle": "all"}, ["fail"]])
    def test_that_are_unknown_are_refused_with_a_list_of_the_known_and_change_nothing(self, cloud, script):
        faults.set(cloud, {"training": "stop"})
        with pytest.raises(CloudError) as caught:
            faults.set(cloud, script)
        assert "training: fail | stop | hang; processing: fail | stop | hang" in str(caught.value.hint)
        assert cloud.request("GET", faults.PATH)["faults"] == {"training": {"stop": None}}
        faults.clear(cloud)


def test_a_counted_fault_occurs_that_often():
    faults.replace({"throttle": {"CreateModel": 2}, "training": "fail"})
    assert [faults.take("throttle.CreateModel") for _ in range(3)] == [True, True, False]
    assert [faults.take("training.fail") for _ in range(3)] == [True, True, True]
    assert not faults.take("training.hang")
    faults.replace({})
