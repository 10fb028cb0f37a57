// Loaded before each test file: a property that fails names the error itself, not only the input that it failed with. Reports that
// have one line for a failure do not show an error's cause.
import fc from 'fast-check';

fc.configureGlobal({ includeErrorInReport: true });
