import { Duration } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { dataProtection } from './data-protection.ts';
import { apiStage } from '../src/contracts/api-stage.ts';
import { crossOrigin } from '../src/contracts/cross-origin.ts';
import type { Route } from '../src/contracts/route.ts';
import { routes } from '../src/contracts/routes.ts';
import { acknowledge } from './acknowledge.ts';
import type { FunctionName } from '../src/contracts/function-needs.ts';
import type { Functions } from './functions.ts';
import { answerAsProblems } from './gateway-answers.ts';

/** Requests a second, and how many more may come at once; past them API Gateway answers 429 by itself. */
const throttling = { throttlingRateLimit: 50, throttlingBurstLimit: 100 };

/** The REST API: a method per route of the table, each handed to its function whole. */
export class Api extends Construct {
  readonly url: string;
  readonly name: string;
  readonly stage: string;

  constructor(scope: Construct, id: string, functions: Functions, origins: readonly string[]) {
    super(scope, id);
    const log = new LogGroup(this, 'Log', {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: dataProtection(this).removalPolicy,
    });
    const api = new RestApi(this, 'RestApi', {
      restApiName: 'surveyor',
      description: 'Surveyor',
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: true,
      // What a browser asks before a request; the functions say the rest with their answers.
      ...(origins.length === 0
        ? {}
        : {
            defaultCorsPreflightOptions: {
              allowOrigins: [...origins],
              allowMethods: [...crossOrigin.methods],
              allowHeaders: [...crossOrigin.sent],
              maxAge: Duration.seconds(crossOrigin.remembered),
            },
          }),
      deployOptions: {
        stageName: apiStage,
        ...throttling,
        accessLogDestination: new LogGroupLogDestination(log),
        accessLogFormat: AccessLogFormat.jsonWithStandardFields(),
        loggingLevel: MethodLoggingLevel.ERROR,
        // Requests carry keys and connection strings; the gateway is never to write them down.
        dataTraceEnabled: false,
        tracingEnabled: true,
        // Metrics of each method are billed as one's own, five of them in each hour in which it is called. Those of the stage
        // are free, and what the alarm looks at.
        metricsEnabled: false,
      },
    });
    for (const route of Object.values(routes) satisfies readonly Route[]) {
      const name: FunctionName = route.function;
      api.root
        .resourceForPath(route.path)
        .addMethod(route.method, new LambdaIntegration(functions.get(name), { allowTestInvoke: false }));
    }
    // The CDK's own output with the address, under a name that it makes up: the stack has one.
    api.node.tryRemoveChild('Endpoint');
    answerAsProblems(api, origins);
    this.url = api.url;
    this.name = api.restApiName;
    this.stage = api.deploymentStage.stageName;
    acknowledge(api, {
      'AwsSolutions-APIG2': 'Each function checks its request against the route table, and says what was wrong.',
      'AwsSolutions-APIG3': 'Keys and throttling guard the API; a web ACL is the choice of who opens it to the world.',
      'AwsSolutions-APIG4': 'Each function checks the API key and its role against the route table.',
      'AwsSolutions-COG4': 'API keys of the service’s own, kept as hashes; no user pool is needed.',
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]':
        'The policy that API Gateway asks for to write its log.',
    });
  }
}
