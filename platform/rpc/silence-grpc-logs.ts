/** Turns off the log of grpc-js: it would print the values of malformed headers, tokens among them, to stderr. */
import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js';

setLogVerbosity(logVerbosity.NONE);
