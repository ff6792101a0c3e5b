"""MiniStack, with the resource types of our template that its CloudFormation does not know: they get an id, no more.

Nothing that the tests run asks for them: what a network lets through is shown on the template.
"""

from ministack.app import main
from ministack.services import lambda_svc, s3
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

alarms = provisioners._RESOURCE_HANDLERS["AWS::CloudWatch::Alarm"]
create_alarm = alarms["create"]


def create_alarm_or_none(logical_id, properties, stack_name):
    """The emulator knows no alarm on an expression of several metrics."""
    return (create if "Metrics" in properties else create_alarm)(logical_id, properties, stack_name)


alarms["create"] = create_alarm_or_none

secrets = provisioners._RESOURCE_HANDLERS["AWS::SecretsManager::Secret"]
create_secret, delete_secret = secrets["create"], secrets["delete"]


def create_secret_known_by_arn(*request):
    """A template's reference to a secret is its ARN; the emulator gives its name."""
    _name, attributes = create_secret(*request)
    return attributes["Arn"], attributes


secrets["create"] = create_secret_known_by_arn
# The emulator stops by name: everything behind the last colon but a hyphen and six characters.
secrets["delete"] = lambda arn, properties: delete_secret(arn.split(":")[-1][:-7], properties)

resolve_credential = s3.resolve_credential


def resolve_credential_of_function(access_key_id, *request):
    """Links are checked to the last byte: the key of a function has its name, and the secret is the root's."""
    return resolve_credential("test" if access_key_id.startswith("surveyor-") else access_key_id, *request)


s3.resolve_credential = resolve_credential_of_function

execute_function_proxy = lambda_svc._execute_function_proxy


def execute_function_of_host(function, *request):
    """Calls a function without a limit: the function host has it, and counts no time in which a process starts."""
    config = {**(function.get("config") or function), "Timeout": 900}
    return execute_function_proxy({**function, "config": config}, *request)


lambda_svc._execute_function_proxy = execute_function_of_host

main()
