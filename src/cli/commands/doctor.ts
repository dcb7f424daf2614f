import type { Context } from '../context.js';
export async function doctor(_context: Context): Promise<void> {}
