/// What is wrong with a pod's networks on its node, and what to do about it: [Diagnosis] judges,
/// and [NodeInspection] looks. Neither changes anything.
package dev.podbond.cli.diagnose;
