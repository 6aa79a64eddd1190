/// Deletions that shims left because no agent answered.
package dev.podbond.agent.pending;
