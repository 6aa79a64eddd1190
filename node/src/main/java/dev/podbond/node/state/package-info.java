/// State that outlives a process: the record of each attachment, the owner of each VF, and locks.
package dev.podbond.node.state;
