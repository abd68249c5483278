import { Flex, Typography } from 'antd'
import type { ReactNode } from 'react'
import { Link } from 'react-router'

/** Head is the top of a page about one thing: what it is, its state, what can be done with it. */
export function Head({ title, tags, back, children }: { title: string; tags?: ReactNode; back?: { to: string; text: string }; children?: ReactNode }) {
  return (
    <Flex vertical gap={4} style={{ marginBottom: 16 }}>
      {back && (
        <Link to={back.to} className="quiet" style={{ color: 'inherit', width: 'fit-content' }}>
          ← {back.text}
        </Link>
      )}
      <Flex wrap gap="small" align="center" justify="space-between">
        <Flex wrap gap="small" align="center" style={{ minWidth: 0 }}>
          <Typography.Title level={1} style={{ margin: 0, fontSize: 24, overflowWrap: 'anywhere' }}>
            {title}
          </Typography.Title>
          {tags}
        </Flex>
        <Flex wrap gap="small">
          {children}
        </Flex>
      </Flex>
    </Flex>
  )
}
