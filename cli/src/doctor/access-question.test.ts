import { expect, test } from 'vitest';
import { type AccessQuestion, deniedOf, questionsIn, questionText } from './access-question.ts';

test('rules are every single thing that they allow', () => {
  const rules = [
    { apiGroups: ['', 'apps'], resources: ['pods'], verbs: ['get', 'list'] },
    { apiGroups: ['prism.io'], resources: ['prismclusters/status'], resourceNames: ['a', 'b'], verbs: ['patch'] },
    { nonResourceURLs: ['/metrics'], verbs: ['get'] },
  ];
  expect(questionsIn(rules, 'ops').map(questionText)).toEqual([
    'get pods in ops',
    'list pods in ops',
    'get pods.apps in ops',
    'list pods.apps in ops',
    'patch prismclusters.prism.io/status a in ops',
    'patch prismclusters.prism.io/status b in ops',
  ]);
});

const questions = questionsIn([{ apiGroups: [''], resources: ['pods', 'secrets'], verbs: ['get', 'list'] }]);

test('what is denied comes in the order of the questions', async () => {
  const ask = async ({ resource, verb }: AccessQuestion) => resource === 'pods' && verb === 'list';
  expect((await deniedOf(ask, questions)).map(questionText)).toEqual(['get pods', 'get secrets', 'list secrets']);
});

test('whoever may do everything is asked one question', async () => {
  const asked: AccessQuestion[] = [];
  const ask = async (question: AccessQuestion) => {
    asked.push(question);
    return true;
  };
  expect(await deniedOf(ask, questions)).toEqual([]);
  expect(asked).toHaveLength(1);
});
