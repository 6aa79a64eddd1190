/// Deletions that shims left because no agent answered, and the calls that go after them.
package dev.podbond.agent.pending;
