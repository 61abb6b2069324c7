// Loaded and called by the bootstrap while its environment waits, so that what every function needs
// is loaded and compiled before there is one.
exports.handler = async (event) => event;
