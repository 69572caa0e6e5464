import type { ReactElement } from 'react'
import { AccountPage } from '#app/_pages/account/account-page.tsx'
import { FlowPage } from '#app/_pages/flow-page.tsx'
import { DepartPage, FormPostPage, LeavePage } from '#app/_pages/leaving-pages.tsx'
import { LinkDonePage, LinkPage, SignInLinkPage } from '#app/_pages/link-pages.tsx'
import { ProblemPage } from '#app/_pages/problem-page.tsx'
import { SignInAnsweredPage, SignInQuestionPage } from '#app/_pages/question-pages.tsx'
import { SignedOutPage, SignOutPage } from '#app/_pages/sign-out-pages.tsx'
import type { PageModel } from '#core/flows/page-model.ts'

const pageOf = (model: PageModel): ReactElement => {
  switch (model.kind) {
    case 'flow':
      return <FlowPage view={model.view} />
    case 'account':
      return <AccountPage frame={model.frame} view={model.view} />
    case 'problem':
      return <ProblemPage problem={model.problem} />
    case 'leave':
      return <LeavePage model={model} />
    case 'form-post':
      return <FormPostPage model={model} />
    case 'depart':
      return <DepartPage model={model} />
    case 'sign-out':
      return <SignOutPage model={model} />
    case 'signed-out':
      return <SignedOutPage model={model} />
    case 'link':
      return <LinkPage model={model} />
    case 'sign-in-question':
      return <SignInQuestionPage model={model} />
    case 'sign-in-answered':
      return <SignInAnsweredPage model={model} />
    case 'sign-in-link':
      return <SignInLinkPage model={model} />
    case 'link-done':
      return <LinkDonePage model={model} />
  }
}

/**
 * Draws a page as one HTML document without framework script.
 *
 * React's renderer is imported when first needed: a static import of it in a route's module graph does not build.
 */
export const renderPage = async (model: PageModel): Promise<string> => {
  const { renderToStaticMarkup } = await import('react-dom/server.edge')
  return `<!doctype html>${renderToStaticMarkup(pageOf(model))}`
}
