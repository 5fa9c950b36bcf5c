"""What people read: a run's steps, the demo's summary. Takes values, returns text or rich renderables."""
