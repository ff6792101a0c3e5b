import type { Resource, Template } from './template.ts';

/** The account and the region in which a template is looked at. */
export const account = '123456789012';
export const region = 'eu-central-1';

const pseudo: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': region,
  'AWS::AccountId': account,
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': 'surveyor',
  'AWS::StackId': `arn:aws:cloudformation:${region}:${account}:stack/surveyor/0a1b2c3d`,
};

const inAccount = (service: string, rest: string): string => `arn:aws:${service}:${region}:${account}:${rest}`;

/** What values of a template are once it is deployed: names that are generated are the resource's id. */
export const resolver = (template: Template) => {
  const find = (id: string): Resource => {
    const found = template.resources.find((resource) => resource.id === id);
    if (found === undefined) throw new Error(`The template has no resource ${id}.`);
    return found;
  };

  const arnOf = (resource: Resource): string => {
    const { id, type, Properties } = resource;
    const named = (property: string): string => text(Properties[property] ?? id);
    switch (type) {
      case 'AWS::S3::Bucket':
        return `arn:aws:s3:::${nameOf(resource)}`;
      case 'AWS::DynamoDB::GlobalTable':
        return inAccount('dynamodb', `table/${id}`);
      case 'AWS::Lambda::Function':
        return inAccount('lambda', `function:${named('FunctionName')}`);
      case 'AWS::StepFunctions::StateMachine':
        return inAccount('states', `stateMachine:${named('StateMachineName')}`);
      case 'AWS::IAM::Role':
        return `arn:aws:iam::${account}:role/${id}`;
      case 'AWS::SQS::Queue':
        return inAccount('sqs', id);
      case 'AWS::Logs::LogGroup':
        return inAccount('logs', `log-group:${named('LogGroupName')}:*`);
      case 'AWS::ECS::Cluster':
        return inAccount('ecs', `cluster/${id}`);
      case 'AWS::Events::Rule':
        return inAccount('events', `rule/${id}`);
      case 'AWS::Events::EventBus':
        return inAccount('events', `event-bus/${named('Name')}`);
      case 'AWS::SecretsManager::Secret':
        return inAccount('secretsmanager', `secret:${id}-AbCdEf`);
      default:
        throw new Error(`Say in test/infra/resolve.ts what the ARN of a ${type} is.`);
    }
  };

  const nameOf = ({ id, type, Properties }: Resource): string => {
    switch (type) {
      case 'AWS::S3::Bucket':
        return id.toLowerCase();
      case 'AWS::Logs::LogGroup':
        return text(Properties['LogGroupName'] ?? id);
      case 'AWS::Lambda::Function':
        return text(Properties['FunctionName'] ?? id);
      default:
        return id;
    }
  };

  /** What a reference to a resource is: of these, its ARN. */
  const refersByArn = ['AWS::StepFunctions::StateMachine', 'AWS::SecretsManager::Secret'];

  const text = (value: unknown): string => {
    if (typeof value !== 'object' || value === null) return String(value);
    const [[intrinsic, content] = ['', undefined]] = Object.entries(value) as [string, unknown][];
    switch (intrinsic) {
      case 'Ref': {
        const known = pseudo[String(content)];
        if (known !== undefined) return known;
        const resource = find(String(content));
        return refersByArn.includes(resource.type) ? arnOf(resource) : nameOf(resource);
      }
      case 'Fn::GetAtt': {
        const [id = '', attribute] = content as readonly string[];
        return attribute === 'Arn' ? arnOf(find(id)) : `${id}.${attribute}`;
      }
      case 'Fn::Join': {
        const [separator, parts] = content as [string, readonly unknown[]];
        return parts.map(text).join(separator);
      }
      case 'Fn::Split':
        throw new Error('Only Fn::Select reads what Fn::Split makes.');
      case 'Fn::Select': {
        const [index, { 'Fn::Split': split }] = content as [number | string, { 'Fn::Split': [string, unknown] }];
        return text(split[1]).split(split[0])[Number(index)] ?? '';
      }
      case 'Fn::Sub':
        return String(content).replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => text({ Ref: name }));
      default:
        throw new Error(`Say in test/infra/resolve.ts what ${intrinsic} comes to: ${JSON.stringify(value)}.`);
    }
  };

  /** One text or several. */
  const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value : [value]).map(text);

  return { text, texts, arnOf };
};

/** Resolves the values of a template. */
export type Resolver = ReturnType<typeof resolver>;
