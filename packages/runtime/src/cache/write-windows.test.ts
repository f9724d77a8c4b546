import { describe, expect, it } from 'vitest';
import { keyOf } from './object-key.ts';
import { WriteWindows } from './write-windows.ts';

const key = keyOf({ namespace: 'a', name: 'b' });

describe('a write window', () => {
  it('holds back an event that arrives while a write is under way, and says so at its end', () => {
    const windows = new WriteWindows();
    windows.open(key);
    expect(windows.note(key)).toBe(true);
    expect(windows.close(key)).toEqual({ touched: true, deletedAt: undefined });
  });

  it('lets an event through when no write is under way', () => {
    const windows = new WriteWindows();
    windows.open(key);
    windows.close(key);
    expect(windows.note(key)).toBe(false);
  });

  it('stays open until the last of several writes has ended', () => {
    const windows = new WriteWindows();
    windows.open(key);
    windows.open(key);
    expect(windows.close(key).touched).toBe(false);
    expect(windows.note(key)).toBe(true);
    expect(windows.close(key).touched).toBe(true);
  });

  it('remembers a deletion although other events follow it', () => {
    const windows = new WriteWindows();
    windows.open(key);
    windows.note(key, '17');
    windows.note(key);
    expect(windows.close(key)).toEqual({ touched: true, deletedAt: '17' });
  });
});
