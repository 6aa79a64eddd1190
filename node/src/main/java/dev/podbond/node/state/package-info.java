/// What outlives a process: the record of each attachment, who has which VF, and locks.
package dev.podbond.node.state;
