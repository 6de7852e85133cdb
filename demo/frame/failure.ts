/** What went wrong in what a button asked for, in words; empty where nothing did. */
export async function failureOf(action: () => Promise<void>): Promise<string> {
  try {
    await action();
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
