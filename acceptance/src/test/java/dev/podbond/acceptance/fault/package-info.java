/// A node whose kernel, disk and delegates fail, stop or end the process where a test says so. The
/// product has nothing of it but the seams: `NodeEnvironment#through`.
package dev.podbond.acceptance.fault;
