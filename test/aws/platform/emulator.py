"""MiniStack, with the resource types of our template that its CloudFormation does not know: they get an id and do nothing.

Nothing that the tests run asks for them: what a network lets through is shown on the template.
"""

from ministack.app import main
from ministack.services.cloudformation import provisioners

LACKING = (
    "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::SecurityGroupIngress",
    "AWS::Route53Resolver::FirewallDomainList",
    "AWS::Route53Resolver::FirewallRuleGroup",
    "AWS::Route53Resolver::FirewallRuleGroupAssociation",
    "AWS::Scheduler::ScheduleGroup",
)


def create(logical_id, _properties, stack_name):
    """The id of a resource that is not made, and the attributes that a template may ask of it."""
    physical_id = f"{stack_name}-{logical_id}"
    return physical_id, {"Id": physical_id, "Arn": f"arn:aws:none:us-east-1:000000000000:{physical_id}"}


for lacking in LACKING:
    # A type that a later version knows is left to it.
    provisioners._RESOURCE_HANDLERS.setdefault(lacking, {"create": create, "delete": lambda _id, _properties: None})

main()
