/** What the stack gives every function, with names of nothing: enough to load a bundle, which asks AWS for nothing by that. */
export const functionEnvironment: Readonly<Record<string, string>> = {
  AWS_REGION: 'eu-central-1',
  TABLE_NAME: 'runs',
  BUCKET_NAME: 'objects',
  SECRET_PREFIX: 'surveyor',
  MACHINE_ARN_PREFIX: 'arn:aws:states:eu-central-1:123456789012:stateMachine:surveyor-',
  FUNCTION_ARN_PREFIX: 'arn:aws:lambda:eu-central-1:123456789012:function:surveyor-',
  SCHEDULE_GROUP: 'surveyor-schedules',
  SCHEDULE_ROLE_ARN: 'arn:aws:iam::123456789012:role/schedules',
  SCHEDULE_DEAD_LETTER_ARN: 'arn:aws:sqs:us-east-1:123456789012:unscheduled',
  MACHINE_ROLE_ARN: 'arn:aws:iam::123456789012:role/surveyor',
  LOG_GROUP_NAME: 'functions',
  SANDBOX_CERTIFICATE_SECRET: 'certificate',
  SANDBOX_CLUSTER: 'arn:aws:ecs:eu-central-1:123456789012:cluster/surveyor',
  SANDBOX_TASK_DEFINITION: 'arn:aws:ecs:eu-central-1:123456789012:task-definition/surveyor-sandbox:1',
  SANDBOX_SUBNETS: 'subnet-1,subnet-2',
  SANDBOX_SECURITY_GROUP: 'sg-1',
};
