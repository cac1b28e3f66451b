"""From an order to the plan of its sums: everything in it is public and stands in the order."""

from xinqiao_governance.order import Order
from xinqiao_models.sums import SumPlan


def plan_of(order: Order) -> SumPlan:
    """Return the plan that `order` states; nothing in it is checked yet but its ranges.

    Raises:
        ProtocolViolated: a figure out of range.
    """
    return SumPlan(
        dimension=order.model.dimension,
        clip_micro=order.clip_micro,
        scale=order.scale,
        variance=order.variance,
        answers=order.answers,
        collusion=order.collusion,
        homes=order.homes,
        members=len(order.departments),
        people=order.people,
        sampling_micro=order.sampling_micro,
    )
