/// Deletions that shims left in files because no agent answered.
package dev.podbond.agent.pending;
