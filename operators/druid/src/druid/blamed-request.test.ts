import { describe, expect, it } from 'vitest';
import { blamesRequest } from './blamed-request.ts';

/** Jetty's JSON about an exception, the outermost cause first. */
function uncaught(...causes: readonly string[]) {
  const numbered = causes.map((cause, index) => [`cause${index}`, cause] as const).reverse();
  return { servlet: 'default', ...Object.fromEntries(numbered), message: causes[0] ?? '', status: '500' };
}

describe('an exception that nobody in Druid caught', () => {
  it.each([
    [['java.lang.RuntimeException: java.lang.IllegalArgumentException', 'java.lang.IllegalArgumentException']],
    [['java.lang.NumberFormatException: For input string: "many"']],
    [['org.apache.druid.java.util.common.IAE: taskCount must be positive']],
    [['javax.servlet.ServletException: com.fasterxml.jackson.core.io.JsonEOFException: Unexpected end-of-input']],
    [['org.apache.druid.error.DruidException: Stream[wrong] doesn&apos;t exist']],
    [
      [
        'java.lang.NullPointerException: Cannot invoke &quot;SupervisorSpec.getId()&quot; because &quot;spec&quot; is null',
      ],
    ],
  ])('blames the request: %j', (causes) => {
    expect(blamesRequest(uncaught(...causes))).toBe(true);
  });

  it.each([
    [['java.lang.OutOfMemoryError: Java heap space']],
    [['java.lang.IllegalStateException: SupervisorManager not started']],
    [['java.lang.RuntimeException: java.util.concurrent.TimeoutException']],
    [['java.lang.RuntimeException: java.lang.InterruptedException']],
    [['java.lang.NullPointerException: Cannot invoke &quot;Map.get()&quot; because &quot;this.cache&quot; is null']],
    [['java.lang.IllegalArgumentException: cannot store', 'java.sql.SQLException: no connection']],
    [['org.apache.druid.error.DruidException: no', 'org.skife.jdbi.v2.exceptions.UnableToObtainConnectionException']],
    [['java.lang.RuntimeException: it said java.lang.IllegalArgumentException']],
    [['some.of.an.Extension: java']],
    [[]],
  ])('may be about Druid itself: %j', (causes) => {
    expect(blamesRequest(uncaught(...causes))).toBe(false);
  });

  it('is none of Druid where the router says that the process behind it died', () => {
    const body = {
      ...uncaught('java.lang.IllegalArgumentException'),
      servlet: 'AsyncManagementForwardingServlet-3d67',
    };
    expect(blamesRequest(body)).toBe(false);
  });
});
