// As index.js, for functions that are ES modules.
export const handler = async (event) => event;
