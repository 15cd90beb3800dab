"""What a person says about a scene: clicks, and the robot that clicks in their place."""

from pinpoint3d.prompts.click import Click, ClickSet
from pinpoint3d.prompts.locator import PointLocator
from pinpoint3d.prompts.robot import ClickRule, RobotClick, simulate_clicks
from pinpoint3d.prompts.tensors import ClickTensors, TargetStatus

__all__ = [
    "Click",
    "ClickRule",
    "ClickSet",
    "ClickTensors",
    "PointLocator",
    "RobotClick",
    "TargetStatus",
    "simulate_clicks",
]
