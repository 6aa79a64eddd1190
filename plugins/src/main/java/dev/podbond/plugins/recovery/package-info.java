/// What the agent does about attachments that no runtime asks about.
package dev.podbond.plugins.recovery;
