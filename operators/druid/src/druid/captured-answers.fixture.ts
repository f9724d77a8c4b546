import type { Answer } from './druid-api.ts';
import type { HttpAnswer } from './http-answer.ts';

/** What Apache Druid 33.0.0 answered, word for word, as its status, its content type and its body. */
export function captured(status: number, contentType: string | undefined, text = ''): HttpAnswer {
  return { status, contentType: contentType?.split(';', 1)[0], location: undefined, text };
}

const json = 'application/json';

/** Of Jetty, about an exception that nobody caught. */
function jetty(status: number, message: string, url = '/druid/indexer/v1/supervisor'): HttpAnswer {
  const fields = [
    ['servlet', 'default'],
    ['cause0', message],
    ['message', message],
    ['url', url],
    ['status', `${status}`],
  ];
  const text = `{ ${fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(', ')} }`;
  return captured(status, json, text);
}

const nullSpec = [
  'java.lang.NullPointerException: Cannot invoke &quot;org.apache.druid.indexing.overlord.supervisor.SupervisorSpec',
  '.getDataSources()&quot; because &quot;spec&quot; is null',
].join('');

const wrongStream = [
  'org.apache.druid.error.DruidException: Stream[wrong] doesn&apos;t exist in the supervisor[KafkaSupervisor-ds_k]. ',
  'Supervisor is consuming stream[metrics].',
].join('');

const badPeriod = [
  'Invalid format: "1 hour" (through reference chain: org.apache.druid.indexing.kafka.supervisor.KafkaSupervisorSpec["spec"]',
  '->org.apache.druid.indexing.kafka.supervisor.KafkaSupervisorIngestionSpec["ioConfig"]',
  '->org.apache.druid.indexing.kafka.supervisor.KafkaSupervisorIOConfig["taskDuration"])',
].join('');

/** The 502 of a router whose overlord is just starting. */
export const badGateway = captured(
  502,
  'text/html;charset=iso-8859-1',
  [
    '<html> <head> <meta http-equiv="Content-Type" content="text/html;charset=ISO-8859-1"/> <title>Error 502 Bad Gateway</title> ',
    '</head> <body><h2>HTTP ERROR 502 Bad Gateway</h2> <table> <tr><th>URI:</th><td>/druid/indexer/v1/supervisor</td></tr> </table>',
    '</body></html>',
  ].join(''),
);

/** A 503 of a router that knows no overlord; it has no content type. */
export const noDestination = captured(
  503,
  undefined,
  '{"error":"Unable to determine destination[/druid/indexer/v1/supervisor]; is your coordinator/overlord running?"}',
);

/** Of every call about a supervisor called `nope`. */
export const noSupervisor = captured(404, 'text/plain', 'Cannot find any supervisor with id: [nope]');

/** Of a path that Druid does not have. */
export const noSuchPath = captured(404, undefined, '');

/** Of compaction, both sets of calls. */
export const noCompaction = captured(
  404,
  json,
  '{"error":"druidException","errorCode":"notFound","persona":"USER","category":"NOT_FOUND","errorMessage":"Datasource compaction config does not exist","context":{}}',
);

/** Of a task submitted under an id that is known. */
export const taskExists = captured(
  400,
  json,
  '{"error":"druidException","errorCode":"entryAlreadyExists","persona":"USER","category":"INVALID_INPUT","errorMessage":"Task[noop-1] already exists","context":{}}',
);

/** Of suspending what is suspended. */
export const alreadySuspended = captured(400, json, '{"error":"[ds_a] is already suspended"}');

/** Of a lookup whose version does not rise. */
export const staleLookup = captured(
  500,
  json,
  `{"error":"given update for lookup [__default]:[l1] can't replace existing spec [LookupExtractorFactoryContainer{version='v1', lookupExtractorFactory={type=map, map={a=b}}}]."}`,
);

/** Errors of Druid to a POST of a supervisor, what kind of answer each is, and what the message says. */
export const errorsOfPost: readonly (readonly [
  title: string,
  http: HttpAnswer,
  kind: Answer<unknown>['kind'],
  says: string,
])[] = [
  ['an empty body', jetty(500, nullSpec), 'Refused', 'because "spec" is null'],
  [
    'truncated JSON',
    jetty(
      500,
      'javax.servlet.ServletException: com.fasterxml.jackson.core.io.JsonEOFException: Unexpected end-of-input: expected close marker for Object (start marker at [Source: (org.eclipse.jetty.server.HttpInputOverHTTP); line: 1, column: 1])\n at [Source: (org.eclipse.jetty.server.HttpInputOverHTTP); line: 1, column: 2]',
    ),
    'Refused',
    'Druid refuses this (500): Unexpected end-of-input',
  ],
  [
    'taskCount -1',
    jetty(500, 'java.lang.RuntimeException: java.lang.IllegalArgumentException'),
    'Refused',
    '(500): IllegalArgument',
  ],
  ['offsets of another stream', jetty(500, wrongStream), 'Refused', "(500): Stream[wrong] doesn't exist"],
  [
    'no dataSchema',
    captured(
      400,
      json,
      `{"error":"Cannot construct instance of 'org.apache.druid.indexing.kafka.supervisor.KafkaSupervisorSpec', problem: dataSchema"}`,
    ),
    'Refused',
    "(400): Cannot construct instance of 'KafkaSupervisorSpec', problem: dataSchema",
  ],
  [
    'a bad period',
    captured(400, json, JSON.stringify({ error: badPeriod })),
    'Refused',
    '"1 hour" (at spec.ioConfig.taskDuration)',
  ],
  [
    'a topic that may not change (Druid 34)',
    captured(
      400,
      json,
      '{"error":"druidException","errorCode":"invalidInput","persona":"USER","category":"INVALID_INPUT","errorMessage":"Update of the input source stream from [a] to [b] is not supported","context":{}}',
    ),
    'Refused',
    '(400): Update of the input source stream',
  ],
  ['a wrong content type', captured(415, undefined), 'Refused', 'Druid refuses this (415)'],
  ['a method that does not fit', captured(405, undefined), 'Refused', 'Druid refuses this (405)'],
  [
    'no credentials',
    captured(
      401,
      'application/json;charset=utf-8',
      '{"error":"Unauthorized request","errorMessage":null,"errorClass":null,"host":"localhost"}',
    ),
    'Denied',
    'does not know these credentials (401): Unauthorized request',
  ],
  ['a wrong password', jetty(401, 'User authentication failed.'), 'Denied', '(401): User authentication failed.'],
  [
    'no permission',
    captured(403, json, '{"Access-Check-Result":"Unauthorized"}'),
    'Denied',
    'does not let these credentials do this (403): Unauthorized',
  ],
  ['a router without an overlord', noDestination, 'Unreachable', 'Druid is not there yet (503): Unable to determine'],
  ['an overlord that starts', badGateway, 'Unreachable', '(502): Error 502 Bad Gateway'],
  ['a leader without manager', captured(503, undefined), 'Unreachable', 'Druid is not there yet (503)'],
  ['a router of 2023 without an overlord', { ...noDestination, status: 400 }, 'Unreachable', 'Unable to determine'],
  [
    'a schedule without a broker',
    captured(
      400,
      json,
      '{"error":"Cannot construct instance of `org.apache.druid.indexing.scheduledbatch.ScheduledBatchSupervisorSpec`, problem: Error getting datasource from query[ClientSqlQuery{query=\'REPLACE INTO x OVERWRITE ALL SELECT * FROM y PARTITIONED BY DAY\', resultFormat=null, header=false, typesHeader=false, sqlTypesHeader=false, context=null, parameters=null}]: [java.util.concurrent.ExecutionException: org.apache.druid.rpc.ServiceNotAvailableException: Service [broker] is not available]"}',
    ),
    'Unreachable',
    'Error getting datasource from query',
  ],
  [
    'SQL without a broker',
    captured(
      500,
      undefined,
      '{"error":"Unknown exception","errorMessage":"There are no available brokers. Please check that your brokers are running and healthy.","errorClass":"org.apache.druid.java.util.common.ISE","host":null}',
    ),
    'Unreachable',
    'There are no available brokers.',
  ],
  [
    'a metadata store that is away',
    jetty(500, 'org.skife.jdbi.v2.exceptions.UnableToObtainConnectionException: java.sql.SQLException: no connection'),
    'Unreachable',
    'no connection',
  ],
  [
    'a router whose overlord just died',
    captured(
      500,
      json,
      '{\n"servlet":"org.apache.druid.server.AsyncManagementForwardingServlet-3d6778d5",\n"message":"Server Error",\n"url":"/druid/indexer/v1/supervisor",\n"status":"500"\n}',
    ),
    'Unreachable',
    'Druid cannot answer now (500): Server Error',
  ],
  ['a path it does not have', noSuchPath, 'Unreachable', 'druid.router.managementProxy.enabled=true'],
  ['a redirect to TLS', captured(302, 'text/html'), 'Unreachable', 'a redirect that is not followed'],
  ['too much to do', captured(429, json, '{"error":"Query capacity exceeded"}'), 'Unreachable', 'too much to do'],
];

/** The status of a supervisor whose broker is away, as the errors came in. */
export const unhealthyStatus = {
  id: 'ds_nobroker',
  generationTime: '2026-11-20T14:07:41.908Z',
  payload: {
    dataSource: 'ds_nobroker',
    stream: 'ds_nobroker',
    partitions: 0,
    replicas: 1,
    durationSeconds: 3600,
    activeTasks: [],
    publishingTasks: [],
    minimumLag: {},
    aggregateLag: 0,
    suspended: true,
    healthy: false,
    state: 'UNHEALTHY_SUPERVISOR',
    detailedState: 'UNABLE_TO_CONNECT_TO_STREAM',
    recentErrors: [
      {
        timestamp: '2026-11-20T14:05:15.335Z',
        exceptionClass: 'org.apache.kafka.common.errors.TimeoutException',
        message: 'org.apache.kafka.common.errors.TimeoutException: Timeout expired while fetching topic metadata',
        streamException: true,
      },
      {
        timestamp: '2026-11-20T14:06:15.335Z',
        exceptionClass: 'org.apache.kafka.common.KafkaException',
        message: 'Failed to construct kafka consumer',
        streamException: false,
      },
    ],
  },
};

/** The status of an autocompact supervisor, which says neither `state` nor `suspended`. */
export const autocompactStatus = {
  id: 'autocompact__ds_v',
  generationTime: '2026-11-20T14:09:19.186Z',
  payload: {
    dataSource: 'ds_v',
    scheduleStatus: 'AWAITING_FIRST_RUN',
    message: null,
    bytesAwaitingCompaction: 0,
    intervalCountSkipped: 0,
  },
};

/** The status of a task that failed on what it read. */
export const failedTask = {
  task: 'index_parallel_ds_f2',
  status: {
    id: 'index_parallel_ds_f2',
    groupId: 'index_parallel_ds_f2',
    type: 'index_parallel',
    createdTime: '2026-11-20T14:15:34.573Z',
    statusCode: 'FAILED',
    status: 'FAILED',
    runnerStatusCode: 'WAITING',
    duration: 148,
    location: { host: null, port: -1, tlsPort: -1 },
    dataSource: 'ds_f2',
    errorMsg:
      'org.apache.druid.java.util.common.RE: Max parse exceptions[0] exceeded\n\tat org.apache.druid.segment.incremental.ParseExceptionHandler.handle(ParseExceptionHandler.java:96)',
  },
};
